/**
 * Addresses, networks and ports, as values that compare and order by meaning.
 *
 * <p>Start reading at {@link io.guardian.core.net.IpAddress}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.core.net;
