/**
 * The REST resources that people and their tools use, one class per group of paths.
 *
 * <p>Each class gives a list of endpoints; what all of them share is in {@link io.guardian.backend.http}. In come
 * parsed requests, out go answers made of stored metadata and recorded data of the caller's own organisation, never of
 * another. Start reading at {@link io.guardian.backend.api.ApiEndpoints}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.backend.api;
