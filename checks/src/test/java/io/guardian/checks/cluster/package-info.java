/**
 * The cluster monitor against an API server over HTTP: what it reads, what it tells, what it deletes.
 *
 * <p>Start reading at {@link io.guardian.checks.cluster.FollowingTest}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.checks.cluster;
