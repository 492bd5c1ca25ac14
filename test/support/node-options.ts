/**
 * Each option that `node --help` lists, in Node 20 to 26, and whether slaves inherit it. An option that is in neither list fails a test: decide
 * whether it is right for a slave, which runs another file at the same time as its master.
 */
export const DROPPED = `
  --bench --bench-isolation --bench-name-pattern --bench-reporter --bench-reporter-destination --bench-samples
  --bench-warmup --build-sea --build-snapshot --build-snapshot-config --check --completion-bash --cpu-prof-name
  --debug-port --entry-url --env-file --env-file-if-exists --eval --experimental-bench --experimental-sea-config
  --experimental-test-coverage --experimental-test-isolation --experimental-test-module-mocks
  --experimental-test-tag-filter --heap-prof-name --help --input-type --inspect --inspect-brk --inspect-port
  --inspect-wait --interactive --print --process-timeout --prof-process --report-on-process-timeout --run --snapshot-blob --test --test-concurrency
  --test-coverage-branches --test-coverage-exclude --test-coverage-functions --test-coverage-include
  --test-coverage-include-all --test-coverage-lines --test-force-exit --test-global-setup --test-isolation
  --test-name-pattern --test-only --test-random-seed --test-randomize --test-reporter --test-reporter-destination
  --test-rerun-failures --test-shard --test-skip-pattern --test-timeout --test-update-snapshots --title --v8-options
  --version --watch --watch-kill-signal --watch-path --watch-preserve-output -c -e -h -i -p -v
`
  .trim()
  .split(/\s+/);

export const INHERITED = `
  --abort-on-uncaught-exception --allow-addons --allow-child-process --allow-ffi --allow-fs-read --allow-fs-vfs
  --allow-fs-write --allow-inspector --allow-net --allow-openssl-store --allow-wasi --allow-worker --conditions
  --config-file
  --cpu-prof --cpu-prof-dir --cpu-prof-interval --diagnostic-dir --disable-proto --disable-sigusr1 --disable-warning
  --disable-wasm-trap-handler --disallow-code-generation-from-strings --dns-result-order --enable-etw-stack-walking
  --enable-fips --enable-fips-indicator-events --enable-network-family-autoselection --enable-source-maps
  --experimental-addon-modules --experimental-async-context-frame --experimental-config-file
  --experimental-default-config-file --experimental-default-type --experimental-eventsource
  --experimental-import-meta-resolve --experimental-import-text --experimental-inspector-network-resource
  --experimental-loader --experimental-network-imports --experimental-network-inspection --experimental-package-map
  --experimental-permission --experimental-policy --experimental-print-required-tla --experimental-storage-inspection
  --experimental-stream-iter --experimental-strip-types --experimental-transform-types --experimental-vfs
  --experimental-vm-modules --experimental-wasm-modules --experimental-web-worker --experimental-websocket
  --experimental-webstorage --experimental-worker-inspection --expose-gc --force-context-aware --force-fips
  --force-node-api-uncaught-exceptions-policy --frozen-intrinsics --heap-prof --heap-prof-dir --heap-prof-interval
  --heapsnapshot-near-heap-limit --heapsnapshot-signal --huge-max-old-generation-size --icu-data-dir --import
  --insecure-http-parser --inspect-publish-uid --interpreted-frames-native-stack --jitless --loader
  --localstorage-file --max-http-header-size --max-old-space-size-percentage
  --network-family-autoselection-attempt-timeout --no-addons --no-async-context-frame --no-deprecation
  --no-experimental-detect-module --no-experimental-fetch --no-experimental-ffi --no-experimental-global-customevent
  --no-experimental-global-navigator --no-experimental-global-webcrypto --no-experimental-repl-await
  --no-experimental-require-module --no-experimental-sqlite --no-experimental-strip-types --no-experimental-websocket
  --no-experimental-webstorage --no-extra-info-on-fatal-exception --no-force-async-hooks-checks
  --no-global-search-paths --no-network-family-autoselection --no-require-module --no-strip-types --no-warnings
  --no-worker-snapshot --node-memory-debug --openssl-config --openssl-legacy-provider --openssl-shared-config
  --pending-deprecation --permission --permission-audit --policy-integrity --preserve-symlinks
  --preserve-symlinks-main --prof --redirect-warnings --report-compact --report-dir --report-directory
  --report-exclude-env --report-exclude-network --report-filename --report-on-fatalerror --report-on-signal
  --report-signal --report-uncaught-exception --require --secure-heap --secure-heap-min --throw-deprecation
  --tls-cipher-list --tls-keylog --tls-max-v1.2 --tls-max-v1.3 --tls-min-v1.0 --tls-min-v1.1 --tls-min-v1.2
  --tls-min-v1.3 --trace-atomics-wait --trace-deprecation --trace-env --trace-env-js-stack --trace-env-native-stack
  --trace-event-categories --trace-event-file-pattern --trace-exit --trace-promises --trace-require-module
  --trace-sigint --trace-sync-io --trace-tls --trace-uncaught --trace-warnings --track-heap-objects
  --unhandled-rejections --use-bundled-ca --use-env-proxy --use-largepages --use-openssl-ca --use-system-ca
  --v8-pool-size --vfs-load --vfs-mount --webstorage --zero-fill-buffers -C -r
`
  .trim()
  .split(/\s+/);
