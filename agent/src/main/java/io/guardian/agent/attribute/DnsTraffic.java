package io.guardian.agent.attribute;

import io.guardian.agent.attribute.dns.DnsNames;
import io.guardian.ebpf.Endpoint;
import io.guardian.ebpf.Header;
import io.guardian.ebpf.KernelRecord;
import io.guardian.ebpf.SocketId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Hands what is said to and by DNS servers to the names of the workload that it is said to or by. */
final class DnsTraffic {
    static final int PORT = 53;

    private final ProcessTracker processes;
    private final Observer observer;

    DnsTraffic(ProcessTracker processes, Observer observer) {
        this.processes = processes;
        this.observer = observer;
    }

    private Optional<Instance> instance(Header header) {
        return processes.instance(header.cgroupId(), header.process());
    }

    /** A question counts for whom was asked and for whom it went to: the answer may come under either address. */
    void asked(KernelRecord.DnsQuery query) {
        observer.counted("dns.over_limit", query.skipped());
        instance(query.header()).ifPresent(instance -> {
            for (var resolver : new LinkedHashSet<>(List.of(query.resolver(), query.used()))) {
                if (resolver.port() == PORT) {
                    instance.names()
                            .asked(
                                    ends(query.socket(), resolver, query.overLoopback()),
                                    query.message().bytes(),
                                    query.header().bootNanos());
                }
            }
        });
    }

    void answered(KernelRecord.DnsAnswer answer) {
        observer.counted("dns.over_limit", answer.skipped());
        instance(answer.header()).ifPresent(instance -> {
            var names = instance.names();
            if (answer.overLoopback() && instance.servesDns()) {
                observer.counted("dns.own_server");
                return;
            }
            var outcome = names.answered(
                    ends(answer.socket(), answer.resolver(), answer.overLoopback()),
                    answer.message().bytes(),
                    answer.header().bootNanos());
            count(names, List.of(outcome));
        });
    }

    /** A part of what a TCP connection to a DNS server carries. */
    void segment(KernelRecord.DnsSegment segment) {
        observer.counted("dns.over_limit", segment.skipped());
        instance(segment.header()).ifPresent(instance -> {
            if (segment.overLoopback() && instance.servesDns()) {
                observer.counted("dns.own_server", segment.isAnswer() && segment.offset() == 0 ? 1 : 0);
                return;
            }
            var names = instance.names();
            var outcomes = names.segment(
                    ends(segment.socket(), segment.resolver(), segment.overLoopback()),
                    new DnsNames.Segment(
                            segment.isAnswer(),
                            segment.sequence(),
                            segment.offset(),
                            segment.bytes().bytes()),
                    segment.header().bootNanos());
            count(names, outcomes);
        });
    }

    private void count(DnsNames names, List<DnsNames.Outcome> outcomes) {
        for (var outcome : outcomes) {
            observer.counted("dns." + outcome.name().toLowerCase(Locale.ROOT));
        }
        observer.counted("dns.forgotten", names.takeForgotten());
        observer.counted("dns.truncated", names.takeTruncated());
    }

    private static DnsNames.Ends ends(SocketId socket, Endpoint resolver, boolean overLoopback) {
        return new DnsNames.Ends(socket.cookie(), ConnectionEnds.address(resolver), overLoopback);
    }
}
