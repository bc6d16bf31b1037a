/**
 * Names for addresses, from the DNS answers that a workload's own processes asked for.
 *
 * <p>In come datagrams as the kernel saw them, hostile until parsed; out come the names that are valid for an address
 * at a moment. Start reading at {@link io.guardian.agent.attribute.dns.DnsNames}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.agent.attribute.dns;
