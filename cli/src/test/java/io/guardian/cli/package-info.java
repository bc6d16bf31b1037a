/** Commands run in the test's own process, against an HTTP server of the test's own. */
@org.jspecify.annotations.NullMarked
package io.guardian.cli;
