package io.guardian.agent.decide;

import io.guardian.agent.attribute.KeptState;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Of which processes, connections and sockets it was told already that they deviate, and how. What is alive is judged
 * again with every change of policies and after a restart, and must be told of once; so this is kept on disk. Whatever
 * ended is judged no more and forgotten. Touched by one thread.
 */
public final class ToldDeviations {
    private static final String PREFIX = "t:";
    private static final String SEPARATOR = "\n";
    private static final int OBJECTS_MAX = 20_000;

    private final LinkedHashMap<String, Told> objects = new LinkedHashMap<>();
    private Set<String> changed = new LinkedHashSet<>();
    private long forgotten;

    /** Nearly all deviate in one way, and there may be very many, so the ways are one text. */
    private static final class Told {
        private String ways = "";
        private boolean kept;

        boolean add(String way) {
            if (Arrays.asList(ways.split(SEPARATOR, -1)).contains(way)) {
                return false;
            }
            ways = ways.isEmpty() ? way : ways + SEPARATOR + way;
            return true;
        }
    }

    /** Whether this very observation was told of before. If not, it is from now on. */
    public boolean isRepeat(Finding finding) {
        return isRepeat(
                finding.ref(),
                finding.policy().uid()
                        + ' '
                        + finding.deviation().checksum()
                        + ' '
                        + finding.policy().mode());
    }

    boolean isRepeat(String ref, String way) {
        var told = objects.computeIfAbsent(ref, key -> new Told());
        if (!told.add(way)) {
            return true;
        }
        changed.add(ref);
        if (objects.size() > OBJECTS_MAX) {
            forgotten++;
            ended(objects.firstEntry().getKey());
        }
        return false;
    }

    /** It is gone. */
    public void ended(String ref) {
        var told = objects.remove(ref);
        if (told != null && told.kept) {
            changed.add(ref);
        } else if (told != null) {
            // What never came to the file need not be taken out of it.
            changed.remove(ref);
        }
    }

    /** How many are known. */
    public int size() {
        return objects.size();
    }

    /** How many were given up because there were too many: they are told of again when they are judged again. */
    public long forgotten() {
        return forgotten;
    }

    /** What changed since the last call; an empty value takes a key away. */
    public void changes(KeptState.Sink to) throws IOException {
        var taken = changed;
        changed = new LinkedHashSet<>();
        for (String ref : taken) {
            var told = objects.get(ref);
            if (told == null) {
                to.put(PREFIX + ref, "");
            } else {
                told.kept = true;
                to.put(PREFIX + ref, told.ways);
            }
        }
    }

    /** All that counts now, for a file written anew. */
    public void everything(KeptState.Sink to) throws IOException {
        changed = new LinkedHashSet<>();
        for (var entry : objects.entrySet()) {
            entry.getValue().kept = true;
            to.put(PREFIX + entry.getKey(), entry.getValue().ways);
        }
    }

    /**
     * Puts back what an earlier run of this boot had told, entry by entry in the order in which it was written.
     *
     * @return whether the entry is one of these
     */
    public boolean take(String key, String value) {
        if (!key.startsWith(PREFIX)) {
            return false;
        }
        String ref = key.substring(PREFIX.length());
        if (value.isEmpty()) {
            objects.remove(ref);
        } else if (objects.size() < OBJECTS_MAX || objects.containsKey(ref)) {
            var told = new Told();
            told.ways = value;
            told.kept = true;
            objects.put(ref, told);
        }
        return true;
    }
}
