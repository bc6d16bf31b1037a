/**
 * Searches as jobs: submitted, run in the background with limits, and read page by page.
 *
 * <p>In come {@link io.guardian.backend.query.search.SearchRequest}s, out go rows. Start reading at
 * {@link io.guardian.backend.query.search.SearchJobs}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.backend.query.search;
