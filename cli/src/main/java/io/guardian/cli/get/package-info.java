/**
 * The resources that {@code spyctl get} lists.
 *
 * <p>In comes a {@link io.guardian.cli.session.Session}; out go tables and documents.
 * {@link io.guardian.cli.get.Listing} holds what all lists have in common: columns, order, limits, forms of output.
 * Start reading there.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.cli.get;
