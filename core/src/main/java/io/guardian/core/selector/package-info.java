/**
 * Selectors: which objects a policy, rule or action is about.
 *
 * <p>Both spellings of a document, flat keys and {@code matchFields}, arrive here as one type, so that no code has two
 * matching paths. Start reading at {@link io.guardian.core.selector.Selectors}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.core.selector;
