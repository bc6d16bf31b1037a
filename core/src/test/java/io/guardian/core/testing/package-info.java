/** What tests of several packages share: short ways to write behaviours, seeds, and a slow evaluator. */
@org.jspecify.annotations.NullMarked
package io.guardian.core.testing;
