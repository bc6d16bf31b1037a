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
    private final Map<String, Topic> topics = new HashMap<>();
    private int waiting;

    /** Each has its own sleepers: a change wakes nobody else. */
    private static final class Topic {
        private final Condition changed;
        private long count;

        Topic(Condition changed) {
            this.changed = changed;
        }
    }

    /** The policies of an organisation. */
    public static String policies(String orgUid) {
        return "policies/" + orgUid;
    }

    /** What agents of an organisation evaluate: workload policies, labels of namespaces. */
    public static String bundles(String orgUid) {
        return "bundles/" + orgUid;
    }

    /** The rulesets of an organisation. */
    public static String rulesets(String orgUid) {
        return "rulesets/" + orgUid;
    }

    /** The queued actions of an agent. */
    public static String actions(String agentUid) {
        return "actions/" + agentUid;
    }

    public long count(String topic) {
        lock.lock();
        try {
            return topic(topic).count;
        } finally {
            lock.unlock();
        }
    }

    /** How many callers sleep now. */
    public int waiting() {
        lock.lock();
        try {
            return waiting;
        } finally {
            lock.unlock();
        }
    }

    public void happened(String topic) {
        lock.lock();
        try {
            topic(topic).count++;
            topic(topic).changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns true as soon as the topic's count is not {@code seen}, false when that did not happen in time. */
    public boolean await(String topic, long seen, Duration longest) throws InterruptedException {
        lock.lock();
        waiting++;
        try {
            var awaited = topic(topic);
            long left = longest.toNanos();
            while (awaited.count == seen) {
                if (left <= 0) {
                    return false;
                }
                left = awaited.changed.awaitNanos(left);
            }
            return true;
        } finally {
            waiting--;
            lock.unlock();
        }
    }

    private Topic topic(String name) {
        return topics.computeIfAbsent(name, _ -> new Topic(lock.newCondition()));
    }
}
