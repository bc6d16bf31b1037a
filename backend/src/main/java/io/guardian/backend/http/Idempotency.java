package io.guardian.backend.http;

import io.guardian.core.text.Json;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets a caller repeat a POST without doing it twice: the same key, principal and body within a day get the first
 * answer. Answers are remembered in memory, the newest 10,000; failures are not, so that they can be tried again.
 */
final class Idempotency {
    private static final int MAX_REMEMBERED = 10_000;
    private static final int MAX_KEY_LENGTH = 64;
    private static final Duration LIFE = Duration.ofHours(24);
    private static final int LOCKS = 64;

    private final ReentrantLock[] locks = new ReentrantLock[LOCKS];
    private final Map<String, First> remembered = new LinkedHashMap<>();

    private record First(String bodyHash, Json answer, Instant time) {}

    Idempotency() {
        java.util.Arrays.setAll(locks, _ -> new ReentrantLock());
    }

    Answer answer(Exchange exchange, Endpoint endpoint) {
        var call = exchange.call().orElseThrow();
        var key = exchange.header("Idempotency-Key");
        if (endpoint.verb() != Verb.POST || endpoint.operation().isEmpty() || key.isEmpty()) {
            return endpoint.handler().handle(call);
        }
        if (key.get().length() > MAX_KEY_LENGTH) {
            throw Refusal.badRequest("`Idempotency-Key` is longer than " + MAX_KEY_LENGTH + " characters");
        }
        String slot = call.caller().principal() + "\n" + exchange.rawPath() + "\n" + key.get();
        var lock = locks[Math.floorMod(slot.hashCode(), LOCKS)];
        lock.lock();
        try {
            return answerOnce(slot, call, endpoint);
        } finally {
            lock.unlock();
        }
    }

    private Answer answerOnce(String slot, Call call, Endpoint endpoint) {
        String hash = hash(call.body());
        var first = recall(slot, call.now());
        if (first != null) {
            if (!first.bodyHash().equals(hash)) {
                throw Refusal.conflict("`Idempotency-Key` was already used with another body");
            }
            return Answer.json(first.answer());
        }
        var answer = endpoint.handler().handle(call);
        if (answer instanceof Answer.Value(var json, int status, var _) && status == 200) {
            remember(slot, new First(hash, json, call.now()));
        }
        return answer;
    }

    private synchronized @org.jspecify.annotations.Nullable First recall(String slot, Instant now) {
        var first = remembered.get(slot);
        return first != null && first.time().plus(LIFE).isAfter(now) ? first : null;
    }

    private synchronized void remember(String slot, First first) {
        remembered.remove(slot);
        remembered.put(slot, first);
        var oldest = remembered.keySet().iterator();
        while (remembered.size() > MAX_REMEMBERED) {
            oldest.next();
            oldest.remove();
        }
    }

    private static String hash(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }
}
