/**
 * Filters of the older data queries: a JSON expression over records, read into a type and evaluated on one record at a
 * time.
 *
 * <p>In comes the JSON of a request, out goes a {@link io.guardian.backend.query.expr.Pipeline} or a
 * {@link io.guardian.backend.query.QueryProblem}. Start reading at {@link io.guardian.backend.query.expr.Expr}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.backend.query.expr;
