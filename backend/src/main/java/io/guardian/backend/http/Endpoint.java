package io.guardian.backend.http;

/**
 * One method on one path.
 *
 * @param path such as {@code /api/v1/org/{o}/analyticspolicy/{uid}}; parts in braces match one segment each, and
 *     {@code {o}} is always the organisation
 * @param operation what the audit log calls it, such as {@code policy.update}; empty for what is not logged
 * @param summary one sentence for the description of the API
 */
public record Endpoint(Verb verb, String path, Access access, String operation, String summary, Handler handler) {

    /** Answers one request. */
    @FunctionalInterface
    public interface Handler {
        /** May throw a {@link Refusal}; anything else thrown is our fault and answered with 500. */
        Answer handle(Call call);
    }

    /** One that changes nothing and is not logged. */
    public static Endpoint get(String path, Access access, String summary, Handler handler) {
        return new Endpoint(Verb.GET, path, access, "", summary, handler);
    }

    /** A POST that only asks, such as a search: not logged. */
    public static Endpoint ask(String path, Access access, String summary, Handler handler) {
        return new Endpoint(Verb.POST, path, access, "", summary, handler);
    }

    public static Endpoint post(String path, Access access, String operation, String summary, Handler handler) {
        return new Endpoint(Verb.POST, path, access, operation, summary, handler);
    }

    public static Endpoint put(String path, Access access, String operation, String summary, Handler handler) {
        return new Endpoint(Verb.PUT, path, access, operation, summary, handler);
    }

    public static Endpoint delete(String path, Access access, String operation, String summary, Handler handler) {
        return new Endpoint(Verb.DELETE, path, access, operation, summary, handler);
    }
}
