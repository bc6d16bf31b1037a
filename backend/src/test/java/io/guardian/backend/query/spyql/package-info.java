/** The query language: cases, laws over seeds, and hostile text. */
@org.jspecify.annotations.NullMarked
package io.guardian.backend.query.spyql;
