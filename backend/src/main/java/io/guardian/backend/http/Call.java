package io.guardian.backend.http;

import io.guardian.backend.meta.ApiKey;
import io.guardian.core.text.Json;
import io.guardian.core.text.JsonReader;
import io.guardian.core.text.JsonSyntaxException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One request as a handler sees it. */
public final class Call {
    /** Limit of a body that is read whole, as sent and as unzipped. */
    static final long MAX_BODY_BYTES = 10L << 20;

    private final Map<String, String> params;
    private final Query query;
    private final Function<String, Optional<String>> headers;
    private final InputStream body;
    private final Caller caller;
    private final Instant now;
    private final String sourceIp;
    private AuditNote note = AuditNote.NONE;
    private byte @Nullable [] wholeBody;
    private @Nullable Json parsed;

    Call(
            Map<String, String> params,
            Query query,
            Function<String, Optional<String>> headers,
            InputStream body,
            Caller caller,
            Instant now,
            String sourceIp) {
        this.params = Map.copyOf(params);
        this.query = query;
        this.headers = headers;
        this.body = body;
        this.caller = caller;
        this.now = now;
        this.sourceIp = sourceIp;
    }

    /** Value of a parameter of the path. */
    public String param(String name) {
        var value = params.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the path has no parameter " + name);
        }
        return value;
    }

    public Query query() {
        return query;
    }

    public Optional<String> header(String name) {
        return headers.apply(name);
    }

    public Caller caller() {
        return caller;
    }

    /** The key of the caller; only where the endpoint asks for one. */
    public ApiKey key() {
        if (caller instanceof Caller.KeyHolder(var key)) {
            return key;
        }
        throw new IllegalStateException("the endpoint asks for no API key");
    }

    /** The organisation of path and caller, which are the same. */
    public String org() {
        return caller.orgUid();
    }

    /** Refuses a body that names another organisation than the caller's. */
    public String requireOrg(String uid) {
        if (!uid.equals(org())) {
            throw Gate.noSuchOrganisation(uid);
        }
        return uid;
    }

    /** When the request arrived. */
    public Instant now() {
        return now;
    }

    public String sourceIp() {
        return sourceIp;
    }

    /** The body as it arrives, unzipped; passing a limit is a 413. Can be read once. */
    public InputStream stream(long maxArrivingBytes, long maxPlainBytes) {
        return Bodies.open(body, header("Content-Encoding").orElse(""), maxArrivingBytes, maxPlainBytes);
    }

    /** The body exactly as it arrives; passing the limit is a 413. */
    public byte[] raw(long maxArrivingBytes) {
        return Bodies.readAll(Bodies.open(body, "", maxArrivingBytes, maxArrivingBytes));
    }

    /** The whole body, unzipped; at most 10 MiB. */
    public byte[] body() {
        if (wholeBody == null) {
            wholeBody = Bodies.readAll(stream(MAX_BODY_BYTES, MAX_BODY_BYTES));
        }
        return wholeBody;
    }

    /** The body as JSON, whatever content type it claims; a missing body is {@code null}. */
    public Json json() {
        if (parsed == null) {
            parsed = parse(body());
        }
        return parsed;
    }

    private static Json parse(byte[] bytes) {
        if (bytes.length == 0) {
            return Json.Null.VALUE;
        }
        try {
            return JsonReader.read(bytes, 0, bytes.length);
        } catch (JsonSyntaxException bad) {
            throw Refusal.badRequest(
                    "body is not JSON: line " + bad.line() + ", column " + bad.column() + ": " + bad.getMessage());
        }
    }

    /** The body, which must be a JSON object. */
    public Json.Obj jsonObject() {
        if (json() instanceof Json.Obj object) {
            return object;
        }
        throw Refusal.badRequest("body is not a JSON object");
    }

    /** Says what the audit log should know of this call. */
    public void note(AuditNote details) {
        note = details;
    }

    /** What the body calls this exchange, when a JSON body was read and says so; else empty. */
    String contextOfBody() {
        return parsed instanceof Json.Obj object ? object.text("context_uid") : "";
    }

    AuditNote note() {
        return note;
    }
}
