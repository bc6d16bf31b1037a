package io.guardian.agent.decide;

import io.guardian.core.event.DeviationEvent;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What was told of within an hour, with the record that counts what has none of its own. It has a key under which it is
 * kept over a restart.
 */
abstract sealed class Account {
    private static final long HOUR_MICROS = 3_600_000_000L;

    private final String key;
    private final long sinceMicros;
    private Optional<Tally> tally = Optional.empty();
    private int kinds;
    private int records;

    private Account(String key, long sinceMicros) {
        this.key = key;
        this.sinceMicros = sinceMicros;
    }

    String key() {
        return key;
    }

    long sinceMicros() {
        return sinceMicros;
    }

    boolean isOver(long nowMicros) {
        return nowMicros - sinceMicros >= HOUR_MICROS;
    }

    /** The record that counts more than itself. */
    Optional<Tally> tally() {
        return tally;
    }

    int kinds() {
        return kinds;
    }

    int records() {
        return records;
    }

    /** Puts back what was kept. */
    void restore(int keptKinds, int keptRecords, Optional<Tally> keptTally) {
        kinds = keptKinds;
        records = keptRecords;
        tally = keptTally;
    }

    void madeRecord() {
        records++;
    }

    void madeKind() {
        kinds++;
    }

    /** This record stands for what is counted from now on. */
    void standsFor(DeviationEvent record) {
        if (tally.isPresent()) {
            tally.get().standsFor(record);
        } else {
            tally = Optional.of(new Tally(record));
        }
    }

    /** One behaviour. */
    static final class OfBehaviour extends Account {
        OfBehaviour(String key, long sinceMicros) {
            super(key, sinceMicros);
        }

        boolean isFull() {
            return records() >= DeviationLimits.RECORDS_OF_ONE;
        }
    }

    /** Behaviours of a workload at one place: of one process, at one port. */
    static final class OfPlace extends Account {
        OfPlace(String key, long sinceMicros) {
            super(key, sinceMicros);
        }
    }

    /** What one workload does. */
    static final class OfWorkload extends Account {
        static final String PLACE = "lp:";

        private final Map<String, OfPlace> places = new HashMap<>();

        OfWorkload(String key, long sinceMicros) {
            super(key, sinceMicros);
        }

        /** The key of the workload's account, of the key of one of its places. */
        static Optional<String> ofPlace(String key) {
            int colon = key.indexOf(':', PLACE.length());
            String length = key.startsWith(PLACE) && colon > 0 ? key.substring(PLACE.length(), colon) : "";
            return length.matches("[0-9]{1,6}") && colon + 1 + Integer.parseInt(length) <= key.length()
                    ? Optional.of(key.substring(colon + 1, colon + 1 + Integer.parseInt(length)))
                    : Optional.empty();
        }

        Collection<OfPlace> places() {
            return places.values();
        }

        OfPlace place(String where) {
            return places.computeIfAbsent(
                    where, _ -> new OfPlace(PLACE + key().length() + ':' + key() + where, sinceMicros()));
        }

        /** The place of a key of which {@link #ofPlace} gave the key of this account. */
        OfPlace placeOfKey(String placeKey) {
            return place(placeKey.substring(placeKey.indexOf(':', PLACE.length()) + 1 + key().length()));
        }

        boolean isFull() {
            return kinds() >= DeviationLimits.KINDS || records() >= DeviationLimits.RECORDS;
        }

        boolean hasKind(String where) {
            var place = places.get(where);
            return !isFull() && (place == null || place.kinds() < DeviationLimits.KINDS_OF_PLACE);
        }

        /** Whose record counts what has none at this place; absent if it is to be made. */
        Optional<Account> others(String where) {
            var place = places.get(where);
            if (place != null && place.tally().isPresent()) {
                return Optional.of(place);
            }
            return isFull() && tally().isPresent() ? Optional.of(this) : Optional.empty();
        }

        /**
         * Notes the first record of a behaviour.
         *
         * @return what changed beside this
         */
        Account made(String where, DeviationEvent event) {
            if (hasKind(where)) {
                madeKind();
                var place = place(where);
                place.madeKind();
                return place;
            }
            if (others(where).isPresent()) {
                return this;
            }
            var holder = isFull() ? this : place(where);
            holder.standsFor(event);
            return holder;
        }
    }
}
