package io.guardian.cli.api;

import io.guardian.cli.shell.Failure;
import io.guardian.core.text.Json;
import io.guardian.core.text.JsonReader;
import io.guardian.core.text.JsonSyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The server said no. Commands that know what a status means catch it; else it becomes a {@link Failure}. */
public final class ApiException extends RuntimeException {
    private static final int SHOWN_CHARS = 300;

    private final int status;
    private final String contextUid;
    private final transient List<String> details;

    private ApiException(int status, String message, String contextUid, List<String> details) {
        super(message);
        this.status = status;
        this.contextUid = contextUid;
        this.details = List.copyOf(details);
    }

    static ApiException of(int status, byte[] body, String contextUid) {
        var details = new ArrayList<String>();
        String message;
        try {
            var answer = JsonReader.read(body, 0, body.length);
            var object = answer instanceof Json.Obj found ? found : Json.Obj.EMPTY;
            message = object.text("msg");
            object.string("help").ifPresent(help -> details.add(" help: " + help));
            object.array("errors").objects().forEach(error -> details.add(" " + detail(error)));
        } catch (JsonSyntaxException _) {
            String text =
                    new String(body, StandardCharsets.UTF_8).lines().findFirst().orElse("");
            message = text.substring(0, Math.min(text.length(), SHOWN_CHARS));
        }
        return new ApiException(status, message.isBlank() ? meaning(status) : message, contextUid, details);
    }

    private static String detail(Json.Obj error) {
        String path = error.text("path");
        String help = error.text("help");
        return (path.isEmpty() ? "" : path + ": ") + error.text("msg") + (help.isEmpty() ? "" : "; " + help);
    }

    private static String meaning(int status) {
        return switch (status) {
            case 401 -> "no valid API key";
            case 403 -> "not permitted";
            case 404 -> "not found";
            case 409 -> "conflict";
            case 413 -> "request too large";
            case 429, 503 -> "server busy, try again later";
            default -> status >= 500 ? "server error" : "unexpected answer, is this the address of the API?";
        };
    }

    public int status() {
        return status;
    }

    /** What the server said, one line. */
    public String reason() {
        return String.valueOf(getMessage());
    }

    public Failure toFailure() {
        var more = new ArrayList<>(details);
        if (!contextUid.isEmpty()) {
            more.add(" context uid: " + contextUid);
        }
        return Failure.because(status + " " + reason(), more);
    }
}
