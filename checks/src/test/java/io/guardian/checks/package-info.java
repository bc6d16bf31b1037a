/** Architecture rules and end-to-end tests. */
@org.jspecify.annotations.NullMarked
package io.guardian.checks;
