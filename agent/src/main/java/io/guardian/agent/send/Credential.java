package io.guardian.agent.send;

import java.util.concurrent.atomic.AtomicReference;

/**
 * The token that requests carry. When the server refuses it, one thread gets a new one and the others wait for that.
 */
public final class Credential {
    private final AtomicReference<String> token;
    private final Renewal renewal;

    /** Gets a new token from the server. */
    @FunctionalInterface
    public interface Renewal {
        String renew() throws InterruptedException;
    }

    public Credential(String token, Renewal renewal) {
        this.token = new AtomicReference<>(token);
        this.renewal = renewal;
    }

    public String token() {
        return token.get();
    }

    /** Replaces the token, unless someone did so already. Returns when there is another. */
    public synchronized void refused(String refusedToken) throws InterruptedException {
        if (token.get().equals(refusedToken)) {
            token.set(renewal.renew());
        }
    }
}
