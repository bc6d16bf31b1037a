package io.guardian.agent.decide;

import io.guardian.agent.attribute.KeptState;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * How accounts are kept over a restart: their numbers in some bytes each time they change, and the record that counts
 * when it becomes another. So whoever can make the agent end gets no more records by it. Touched by one thread.
 */
final class KeptAccounts {
    private static final String RECORD = "lt:";
    private static final int NUMBERS = 6;

    private final Map<String, Tally> found;
    private Set<Account> changed = new LinkedHashSet<>();

    /** @param most how many records are looked at again at a restart */
    KeptAccounts(int most) {
        found = new Bounded<>(most);
    }

    void changed(Account account) {
        changed.add(account);
    }

    /** What changed since the last call. */
    void changes(KeptState.Sink to) throws IOException {
        var taken = changed;
        changed = new LinkedHashSet<>();
        found.clear();
        for (var account : taken) {
            write(account, account.tally().filter(tally -> !tally.isKept()), to);
        }
    }

    /** All of these, for a file written anew. */
    void everything(Collection<Account> all, KeptState.Sink to) throws IOException {
        changed = new LinkedHashSet<>();
        found.clear();
        for (var account : all) {
            write(account, account.tally(), to);
        }
    }

    private static void write(Account account, Optional<Tally> record, KeptState.Sink to) throws IOException {
        if (record.isPresent()) {
            to.put(RECORD + account.key(), record.get().keep());
        }
        var told = account.tally().map(Tally::told).orElse(Tally.Told.NOTHING);
        to.put(
                account.key(),
                LongStream.of(
                                account.sinceMicros(),
                                account.kinds(),
                                account.records(),
                                told.more(),
                                told.others(),
                                told.atMicros())
                        .mapToObj(Long::toString)
                        .collect(Collectors.joining(" ")));
    }

    /** Takes a record that was kept; true if the entry is one. */
    boolean takeRecord(String key, String value) {
        if (!key.startsWith(RECORD)) {
            return false;
        }
        Tally.read(value).ifPresent(tally -> found.put(key.substring(RECORD.length()), tally));
        return true;
    }

    /** The numbers of an account that was kept; nothing if they are damaged. */
    static Optional<Numbers> numbers(String value) {
        var parts = List.of(value.split(" ", -1));
        return parts.size() == NUMBERS && parts.stream().allMatch(part -> part.matches("[0-9]{1,18}"))
                ? Optional.of(new Numbers(parts.stream().map(Long::valueOf).toList()))
                : Optional.empty();
    }

    /** Puts back an account, with its record if that was found. */
    void restore(Account account, Numbers numbers) {
        var tally = Optional.ofNullable(found.get(account.key()));
        tally.ifPresent(record -> record.told(numbers.told()));
        account.restore(numbers.kinds(), numbers.records(), tally);
    }

    /** Whether the record of an account was found. */
    boolean hasRecord(String key) {
        return found.containsKey(key);
    }

    /** The numbers of an account, as they are kept. */
    record Numbers(List<Long> all) {
        long sinceMicros() {
            return all.getFirst();
        }

        int kinds() {
            return all.get(1).intValue();
        }

        int records() {
            return all.get(2).intValue();
        }

        Tally.Told told() {
            return new Tally.Told(all.get(3), all.get(4), all.get(5));
        }
    }

    /** Forgets what was not asked for for longest. */
    static final class Bounded<K, V> extends LinkedHashMap<K, V> {
        private final int most;

        Bounded(int most) {
            super(64, 0.75f, true);
            this.most = most;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > most;
        }
    }
}
