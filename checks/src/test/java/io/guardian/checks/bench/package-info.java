/**
 * Benchmarks: programs to run by hand or with {@code ./guardian bench}, never by the test run.
 *
 * <p>The end-to-end ones start with {@link io.guardian.checks.bench.BenchStage}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.checks.bench;
