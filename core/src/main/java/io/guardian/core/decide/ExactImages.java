package io.guardian.core.decide;

/**
 * Nodes whose name and executable are exact, in one table over both, so that most images are found with one probe. Two
 * nodes may have the same name and executable and differ in their users, so equal keys stand side by side.
 */
final class ExactImages {
    private final String[] names;
    private final String[] exes;
    private final UserPatterns[] users;
    private final int[] numbers;
    private final int[] hashes;
    private final int mask;

    /** @param capacity how many will be added */
    ExactImages(int capacity) {
        int slots = Math.max(2, Integer.highestOneBit(Math.max(1, capacity)) * 4);
        mask = slots - 1;
        names = new String[slots];
        exes = new String[slots];
        users = new UserPatterns[slots];
        numbers = new int[slots];
        hashes = new int[slots];
        java.util.Arrays.fill(numbers, -1);
    }

    void add(String name, String exe, UserPatterns allowed, int number) {
        int hash = hash(name, exe);
        int slot = hash & mask;
        while (numbers[slot] >= 0) {
            slot = slot + 1 & mask;
        }
        names[slot] = name;
        exes[slot] = exe;
        users[slot] = allowed;
        numbers[slot] = number;
        hashes[slot] = hash;
    }

    NodeSet match(NodeSet found, String name, String exe, String euser) {
        int hash = hash(name, exe);
        var all = found;
        for (int slot = hash & mask; numbers[slot] >= 0; slot = slot + 1 & mask) {
            if (hashes[slot] == hash
                    && names[slot].equals(name)
                    && exes[slot].equals(exe)
                    && users[slot].allow(euser)) {
                all = all.plus(numbers[slot]);
            }
        }
        return all;
    }

    private static int hash(String name, String exe) {
        int mixed = (name.hashCode() * 31 + exe.hashCode()) * 0x9E3779B1;
        return mixed ^ mixed >>> 15;
    }
}
