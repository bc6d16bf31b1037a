/**
 * How results look on stdout: tables, YAML, JSON, times and ages.
 *
 * <p>In come JSON records and cells; out goes text that is the same for the same input. Start reading at
 * {@link io.guardian.cli.output.Printer}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.cli.output;
