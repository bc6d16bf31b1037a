/**
 * Questions about recorded data. {@code expr} holds the JSON filters of the older clients, {@code spyql} the query
 * language; both end in a test of one record, so that the history's layout never changes an answer.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.backend.query;
