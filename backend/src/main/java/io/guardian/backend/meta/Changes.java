package io.guardian.backend.meta;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets long polls sleep until something changes. A topic has a count that only grows; who waits says which count it has
 * seen, so that a change between looking and waiting is not missed. Counts live in memory: topics are as many as there
 * are organisations and agents.
 */
public final class Changes {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Long> counts = new HashMap<>();

    /** The policies of an organisation. */
    public static String policies(String orgUid) {
        return "policies/" + orgUid;
    }

    /** The queued actions of an agent. */
    public static String actions(String agentUid) {
        return "actions/" + agentUid;
    }

    public long count(String topic) {
        lock.lock();
        try {
            return counts.getOrDefault(topic, 0L);
        } finally {
            lock.unlock();
        }
    }

    public void happened(String topic) {
        lock.lock();
        try {
            counts.merge(topic, 1L, Long::sum);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns true as soon as the topic's count is not {@code seen}, false when that did not happen in time. */
    public boolean await(String topic, long seen, Duration longest) throws InterruptedException {
        lock.lock();
        try {
            long left = longest.toNanos();
            while (counts.getOrDefault(topic, 0L) == seen) {
                if (left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }
}
