/** Names for addresses, kinds of traffic and crowds of clients, end to end with real packets. */
@org.jspecify.annotations.NullMarked
package io.guardian.checks.network;
