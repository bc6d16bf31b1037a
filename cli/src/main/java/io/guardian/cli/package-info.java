/** Guardian cli. */
@org.jspecify.annotations.NullMarked
package io.guardian.cli;
