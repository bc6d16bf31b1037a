/**
 * Identifiers: how each is made from what was observed, read from text and written back.
 *
 * <p>Start reading at {@link io.guardian.core.id.Uids}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.core.id;
