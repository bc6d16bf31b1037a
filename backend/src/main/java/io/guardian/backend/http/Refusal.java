package io.guardian.backend.http;

import io.guardian.core.text.Json;
import java.util.List;

/**
 * A request that is not done, with the answer that says so: {@code {"msg": …}} and where useful {@code help} and
 * {@code errors}. An exception because it ends a request from any depth; handlers throw it, the dispatcher writes it.
 */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** One of several things wrong. */
    public record Fault(String path, String msg, String help) {}

    private final int status;
    private final String help;
    private final transient List<Fault> faults;
    private final int retryAfterSeconds;

    private Refusal(int status, String msg, String help, List<Fault> faults, int retryAfterSeconds) {
        super(msg.lines().findFirst().orElse(""), null, false, false);
        this.status = status;
        this.help = help;
        this.faults = List.copyOf(faults);
        this.retryAfterSeconds = retryAfterSeconds;
    }

    public static Refusal of(int status, String msg) {
        return new Refusal(status, msg, "", List.of(), 0);
    }

    public static Refusal badRequest(String msg) {
        return of(400, msg);
    }

    public static Refusal badRequest(String msg, String help) {
        return new Refusal(400, msg, help, List.of(), 0);
    }

    public static Refusal invalid(String msg, List<Fault> faults) {
        return new Refusal(400, msg, "", faults, 0);
    }

    public static Refusal noKey(String msg) {
        return of(401, msg);
    }

    public static Refusal forbidden(String msg) {
        return of(403, msg);
    }

    public static Refusal notFound(String msg) {
        return of(404, msg);
    }

    public static Refusal conflict(String msg) {
        return of(409, msg);
    }

    public static Refusal tooLarge(String msg) {
        return of(413, msg);
    }

    public static Refusal unsupported(String msg) {
        return of(415, msg);
    }

    /** 429: this caller should wait. */
    public static Refusal slowDown(String msg, int retryAfterSeconds) {
        return new Refusal(429, msg, "", List.of(), retryAfterSeconds);
    }

    /** 503: nobody is served right now. */
    public static Refusal notReady(String msg, int retryAfterSeconds) {
        return new Refusal(503, msg, "", List.of(), retryAfterSeconds);
    }

    public int status() {
        return status;
    }

    /** One line, never null. */
    public String msg() {
        return String.valueOf(getMessage());
    }

    /** 0 when there is nothing to wait for. */
    public int retryAfterSeconds() {
        return retryAfterSeconds;
    }

    Json.Obj body() {
        var body = Json.object().put("msg", msg()).putUnlessEmpty("help", help);
        if (!faults.isEmpty()) {
            body.put(
                    "errors",
                    new Json.Arr(faults.stream()
                            .map(fault -> (Json) Json.object()
                                    .put("path", fault.path())
                                    .put("msg", fault.msg())
                                    .putUnlessEmpty("help", fault.help())
                                    .build())
                            .toList()));
        }
        return body.build();
    }
}
