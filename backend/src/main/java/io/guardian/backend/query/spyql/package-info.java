/**
 * The query language: a boolean expression over the fields of one schema and of the records joined to it.
 *
 * <p>Text becomes a tree ({@link io.guardian.backend.query.spyql.Parser}), the tree is bound to a schema
 * ({@link io.guardian.backend.query.spyql.Binder}), and what comes out tests one record at a time
 * ({@link io.guardian.backend.query.spyql.Condition}). A tree can be written back as text that reads as the same tree.
 * Start reading at {@link io.guardian.backend.query.spyql.Node}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.backend.query.spyql;
