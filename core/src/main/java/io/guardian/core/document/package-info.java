/**
 * Documents: from text to checked types with every problem at its place, and from types back to documents.
 *
 * <p>In comes text in YAML or JSON, or a {@link io.guardian.core.text.Json} object that was stored before; out go
 * {@link io.guardian.core.document.Document}s, which keep what was written beside what it means, and
 * {@link io.guardian.core.text.Problem}s. Start reading at {@link io.guardian.core.document.Documents}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.core.document;
