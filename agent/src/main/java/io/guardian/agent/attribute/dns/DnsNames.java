package io.guardian.agent.attribute.dns;

import io.guardian.core.net.IpAddress;
import io.guardian.core.text.Json;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * The names that one workload knows for addresses. An answer counts when it comes from one of the workload's resolvers
 * and matches a question that is open, by id, question and both ends. A name holds from the answer until its TTL ends,
 * at least 30 s, and 5 minutes more for those that cache. Touched by the pipeline's thread.
 */
public final class DnsNames {
    static final int NAMES_MAX = 1000;
    static final int PAIRS_MAX = 10_000;
    /** Of one answer; resolvers follow no more than about 16 aliases. */
    private static final int CHAIN_MAX = 32;

    private static final int OPEN_MAX = 1024;
    /** The newest, which are the ones that an answer may still come for. */
    static final int OPEN_KEPT_MAX = 128;

    private static final long OPEN_NANOS = 30_000_000_000L;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long TTL_SECONDS_LEAST = 30;
    private static final long TTL_SECONDS_MOST = 7L * 24 * 3600;
    private static final long GRACE_SECONDS = 300;

    private final Set<IpAddress> resolvers;
    private final LinkedHashMap<Question, Long> open = new LinkedHashMap<>();
    private final Map<IpAddress, Map<String, Validity>> names = new HashMap<>();
    private final Map<String, Integer> addressesOfName = new HashMap<>();
    private final DnsStreams streams = new DnsStreams();
    private int pairs;
    private Set<IpAddress> changed = new LinkedHashSet<>();
    private boolean openChanged;
    private long forgotten;
    private long truncated;

    /**
     * The ends of a datagram.
     *
     * @param socket cookie of the socket that asked, which stands for the local address and port also where a packet
     *     filter changes them on the way
     * @param overLoopback whether it went over the loopback device, where a workload that may make packets by hand can
     *     give them any sender
     */
    public record Ends(long socket, IpAddress resolver, boolean overLoopback) {}

    /**
     * A part of a TCP connection.
     *
     * @param isAnswer whether it came from the resolver
     * @param sequence TCP's number of its first byte
     * @param offset how many bytes went the same way before it, as TCP counted them
     */
    public record Segment(boolean isAnswer, int sequence, int offset, ByteBuffer bytes) {}

    /**
     * What was asked, as its answer repeats it.
     *
     * @param name in lower case, without the last dot
     * @param type 1 for A, 28 for AAAA
     */
    public record Question(int id, Ends ends, String name, int type) {}

    /**
     * @param queried whether it is the name that was asked for, and not one of its aliases
     * @param answeredNanos time since boot of the newest answer
     * @param untilNanos time since boot until which it holds
     */
    public record Validity(boolean queried, long answeredNanos, long untilNanos) {}

    /** What became of an answer. */
    public enum Outcome {
        TAKEN,
        NOT_A_RESOLVER,
        NO_SUCH_QUESTION,
        UNREADABLE,
        NOTHING_IN_IT
    }

    public DnsNames(Set<IpAddress> resolvers) {
        this.resolvers = Set.copyOf(resolvers);
    }

    /** A datagram to port 53 left the workload. */
    public void asked(Ends ends, ByteBuffer message, long bootNanos) {
        if (!resolvers.contains(ends.resolver())) {
            return;
        }
        DnsMessage.parse(message).filter(query -> !query.isAnswer()).ifPresent(query -> {
            ask(new Question(query.id(), ends, query.question(), query.questionType()), bootNanos);
        });
    }

    /** Notes an open question, such as one that an earlier run saw. */
    public void ask(Question question, long bootNanos) {
        openChanged = true;
        open.putLast(question, bootNanos);
        if (open.size() > OPEN_MAX) {
            open.pollFirstEntry();
            forgotten++;
        }
    }

    /** A datagram from port 53 reached the workload. */
    public Outcome answered(Ends ends, ByteBuffer message, long bootNanos) {
        if (!resolvers.contains(ends.resolver())) {
            return Outcome.NOT_A_RESOLVER;
        }
        var parsed = DnsMessage.parse(message);
        if (parsed.isEmpty()) {
            return Outcome.UNREADABLE;
        }
        var answer = parsed.get();
        Long askedNanos = open.get(new Question(answer.id(), ends, answer.question(), answer.questionType()));
        if (askedNanos == null || bootNanos - askedNanos > OPEN_NANOS) {
            return Outcome.NO_SUCH_QUESTION;
        }
        truncated += answer.isTruncated() ? 1 : 0;
        if (!answer.isAnswer() || answer.addresses().isEmpty()) {
            return Outcome.NOTHING_IN_IT;
        }
        open.remove(new Question(answer.id(), ends, answer.question(), answer.questionType()));
        openChanged = true;
        take(answer, bootNanos);
        return Outcome.TAKEN;
    }

    /** A part of a connection to port 53 of TCP. @return what became of the answers that it completes */
    public List<Outcome> segment(Ends ends, Segment segment, long bootNanos) {
        if (!resolvers.contains(ends.resolver())) {
            return segment.isAnswer() && segment.offset() == 0 ? List.of(Outcome.NOT_A_RESOLVER) : List.of();
        }
        var messages = streams.take(ends, segment);
        if (segment.isAnswer()) {
            return messages.stream()
                    .map(message -> answered(ends, message, bootNanos))
                    .toList();
        }
        messages.forEach(message -> asked(ends, message, bootNanos));
        return List.of();
    }

    /**
     * Where connections to resolvers are, to go on from there after a restart; empty for one that has ended.
     *
     * @param onlyChanged whether only those are wanted that went on or ended since this was last asked
     */
    public Map<Ends, Optional<Json.Obj>> takeStreams(boolean onlyChanged) {
        return streams.takeKept(onlyChanged);
    }

    /** Takes in a connection as {@link #takeStreams} of an earlier run gave it. */
    public void restoreStream(Ends ends, Json.Obj kept) {
        streams.restore(ends, kept);
    }

    /** A socket is closed that may have carried segments. */
    public void closed(long socket) {
        streams.closed(socket);
    }

    private void take(DnsMessage answer, long bootNanos) {
        var chain = new HashSet<String>();
        chain.add(answer.question());
        // Servers may put the aliases in any order, so it is gone through until nothing is added.
        boolean grown = true;
        while (grown) {
            grown = false;
            for (var alias : answer.aliases()) {
                grown |= chain.size() < CHAIN_MAX && chain.contains(alias.owner()) && chain.add(alias.target());
            }
        }
        for (var address : answer.addresses()) {
            if (chain.contains(address.owner())) {
                long seconds = Math.clamp(address.ttlSeconds(), TTL_SECONDS_LEAST, TTL_SECONDS_MOST) + GRACE_SECONDS;
                for (String name : chain) {
                    put(
                            address.address(),
                            name,
                            new Validity(
                                    name.equals(answer.question()), bootNanos, bootNanos + seconds * NANOS_PER_SECOND));
                }
            }
        }
    }

    /** Notes a pair, such as one that an earlier run knew. */
    public void put(IpAddress address, String name, Validity validity) {
        changed.add(address);
        var known = names.computeIfAbsent(address, key -> new HashMap<>(2));
        var before = known.get(name);
        boolean queried = validity.queried() || before != null && before.queried();
        long until = Math.max(validity.untilNanos(), before == null ? 0 : before.untilNanos());
        if (known.put(name, new Validity(queried, validity.answeredNanos(), until)) == null) {
            pairs++;
            addressesOfName.merge(name, 1, Integer::sum);
        }
        if (pairs > PAIRS_MAX || addressesOfName.size() > NAMES_MAX) {
            expire(validity.answeredNanos());
            shrink();
        }
    }

    /** Makes room for a tenth more by forgetting what was answered longest ago. */
    private void shrink() {
        int before = pairs;
        if (pairs > PAIRS_MAX) {
            var times = names.values().stream()
                    .flatMap(known -> known.values().stream())
                    .mapToLong(Validity::answeredNanos)
                    .sorted()
                    .toArray();
            long last = times[times.length / 10];
            remove((name, validity) -> validity.answeredNanos() <= last);
        }
        if (addressesOfName.size() > NAMES_MAX) {
            var newest = new HashMap<String, Long>();
            forEach((address, name, validity) -> newest.merge(name, validity.answeredNanos(), Math::max));
            var times =
                    newest.values().stream().mapToLong(Long::longValue).sorted().toArray();
            long last = times[times.length / 10];
            remove((name, validity) -> newest.getOrDefault(name, 0L) <= last);
        }
        forgotten += before - pairs;
    }

    /** Forgets what doesn't hold any more. */
    public void expire(long bootNanos) {
        open.entrySet().removeIf(question -> bootNanos - question.getValue() > OPEN_NANOS);
        remove((name, validity) -> validity.untilNanos() < bootNanos);
    }

    private void remove(BiPredicate<String, Validity> gone) {
        for (var all = names.entrySet().iterator(); all.hasNext(); ) {
            var entry = all.next();
            var known = entry.getValue();
            boolean fewer = known.entrySet().removeIf(pair -> {
                boolean goes = gone.test(pair.getKey(), pair.getValue());
                if (goes) {
                    pairs--;
                    addressesOfName.merge(pair.getKey(), -1, (count, less) -> count + less == 0 ? null : count + less);
                }
                return goes;
            });
            if (fewer) {
                changed.add(entry.getKey());
            }
            if (known.isEmpty()) {
                all.remove();
            }
        }
    }

    /** The names that hold for an address now; first the queried name of the newest answer, ties by text. */
    public List<String> of(IpAddress address, long bootNanos) {
        var known = names.get(address);
        if (known == null) {
            return List.of();
        }
        var valid = new ArrayList<Map.Entry<String, Validity>>();
        for (var entry : known.entrySet()) {
            if (entry.getValue().untilNanos() >= bootNanos) {
                valid.add(entry);
            }
        }
        valid.sort(Comparator.comparing(
                        (Map.Entry<String, Validity> entry) -> !entry.getValue().queried())
                .thenComparingLong(entry -> -entry.getValue().answeredNanos())
                .thenComparing(Map.Entry::getKey));
        return valid.stream().map(Map.Entry::getKey).toList();
    }

    /** Addresses that got or lost a name since this was last asked. */
    public Set<IpAddress> takeChanged() {
        var taken = changed;
        changed = new LinkedHashSet<>();
        return taken;
    }

    /** Addresses that have names. */
    public Set<IpAddress> addresses() {
        return Collections.unmodifiableSet(names.keySet());
    }

    /** All names of an address, to keep them over a restart. */
    public Map<String, Validity> namesOf(IpAddress address) {
        return Collections.unmodifiableMap(names.getOrDefault(address, Map.of()));
    }

    private void forEach(Visitor visitor) {
        names.forEach((address, known) -> known.forEach((name, validity) -> visitor.pair(address, name, validity)));
    }

    /** Whether a question was asked or answered since this was last asked. */
    public boolean takeOpenChanged() {
        boolean was = openChanged;
        openChanged = false;
        return was;
    }

    /** The open questions that are kept over a restart, in the order in which they were asked, with when that was. */
    public SequencedMap<Question, Long> newestOpen() {
        var newest = new LinkedHashMap<Question, Long>();
        for (var each : open.sequencedEntrySet().reversed()) {
            if (newest.size() == OPEN_KEPT_MAX) {
                break;
            }
            newest.putFirst(each.getKey(), each.getValue());
        }
        return newest;
    }

    /** Sees pairs. */
    @FunctionalInterface
    private interface Visitor {
        void pair(IpAddress address, String name, Validity validity);
    }

    public int pairs() {
        return pairs;
    }

    int nameCount() {
        return addressesOfName.size();
    }

    /** Pairs, open questions and connections that went because of a limit, since this was last asked. */
    public long takeForgotten() {
        long was = forgotten + streams.takeForgotten();
        forgotten = 0;
        return was;
    }

    /** Answers that said that they are not all, since this was last asked. */
    public long takeTruncated() {
        long was = truncated;
        truncated = 0;
        return was;
    }
}
