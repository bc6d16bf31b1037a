package io.guardian.agent.attribute;

import io.guardian.core.event.ConnectionModel;
import io.guardian.core.event.Event;
import io.guardian.core.event.EventReading;
import io.guardian.core.event.ExeOrigin;
import io.guardian.core.event.ListeningSocketModel;
import io.guardian.core.event.ProcessModel;
import io.guardian.core.text.Json;
import io.guardian.core.text.JsonReader;
import io.guardian.core.text.JsonSyntaxException;
import io.guardian.ebpf.Endpoint;
import io.guardian.ebpf.ProcessKey;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** The text forms in which processes, images, connections and sockets are kept on disk. */
final class StateCodec {
    static final String PROCESS = "p:";
    static final String IMAGE = "i:";
    static final String RECORD = "r:";
    static final String CONNECTION = "c:";
    static final String SOCKET = "s:";
    static final String INSTANCE = "w:";
    static final String NAME = "n:";
    static final String QUESTION = "q:";
    static final String STREAM = "y:";
    static final String DOUBT = "d:";

    private StateCodec() {}

    static String key(ProcessKey key) {
        return key.tgid() + ":" + key.startBootNanos();
    }

    static Optional<ProcessKey> processKey(String text) {
        var parts = text.split(":", -1);
        if (parts.length == 2 && parts[0].matches("[0-9]{1,9}") && parts[1].matches("[0-9]{1,18}")) {
            return Optional.of(new ProcessKey(Integer.parseInt(parts[0]), Long.parseLong(parts[1])));
        }
        return Optional.empty();
    }

    /** An image by its lineage; images of uncertain chains may have the same, so they are told apart. */
    static String imageKey(Image image) {
        return image.isTop() ? "" : image.lineage().text() + (image.hasUncertainChain() ? ":u" : ":c");
    }

    static String image(Image image) {
        var program = image.program();
        return Json.object()
                .put("pa", imageKey(image.parent()))
                .put("n", program.name())
                .put("e", program.exe())
                .put("u", program.user())
                .put("p", program.path())
                .put("o", program.origin().toString())
                .put("un", image.isUncertain())
                .build()
                .toText();
    }

    static Program program(Json.Obj from) {
        return new Program(
                from.text("n"), from.text("e"), from.text("u"), from.text("p"), ExeOrigin.parse(from.text("o")));
    }

    static String process(LiveProcess process) {
        return Json.object()
                .put("pp", process.parentPid())
                .put("cg", process.cgroupId())
                .put("in", process.instance().isPresent())
                .put("im", imageKey(process.image()))
                .put("rec", process.uid())
                .put("kn", process.isKnown())
                .put("en", process.enteredBootNanos())
                .put("xl", process.execs().last())
                .put("xs", process.execs().sibling())
                .build()
                .toText();
    }

    static String record(ImageRecord record) {
        return Json.object()
                .put("o", key(record.owner()))
                .put("m", record.model().toJson())
                .build()
                .toText();
    }

    static String connectionKey(ConnectionKey key) {
        return key.cookie()
                + key.remote()
                        .map(remote ->
                                "|" + remote.address().getHostAddress() + "|" + remote.port() + "|" + remote.mapped())
                        .orElse("");
    }

    static Optional<ConnectionKey> connectionKey(String text) {
        var parts = text.split("\\|", -1);
        try {
            long cookie = Long.parseLong(parts[0]);
            if (parts.length == 1) {
                return Optional.of(new ConnectionKey(cookie, Optional.empty()));
            }
            // An address in digits is never looked up.
            var address = InetAddress.getByName(parts[1].replaceFirst("%.*", ""));
            var remote = new Endpoint(address, Integer.parseInt(parts[2]), Boolean.parseBoolean(parts[3]));
            return Optional.of(new ConnectionKey(cookie, Optional.of(remote)));
        } catch (NumberFormatException | UnknownHostException | ArrayIndexOutOfBoundsException damaged) {
            return Optional.empty();
        }
    }

    static String opened(Opened<?> opened) {
        var out = Json.object().put("pr", key(opened.process())).put("im", imageKey(opened.image()));
        switch (opened) {
            case LiveConnection connection ->
                out.put("ls", connection.lastSeenBootNanos()).put("do", connection.isDoubtful());
            case LiveSocket socket -> {}
        }
        return out.put("m", opened.model().toJson()).build().toText();
    }

    static Json.Obj object(String text) {
        try {
            return JsonReader.readObject(text);
        } catch (JsonSyntaxException damaged) {
            return Json.Obj.EMPTY;
        }
    }

    private static Optional<Event> event(Json.Obj from) {
        return EventReading.of(from.object("m")) instanceof EventReading.Read(Event event)
                ? Optional.of(event)
                : Optional.empty();
    }

    static Optional<ProcessModel> processModel(Json.Obj from) {
        return event(from).filter(ProcessModel.class::isInstance).map(ProcessModel.class::cast);
    }

    static Optional<ConnectionModel> connectionModel(Json.Obj from) {
        return event(from).filter(ConnectionModel.class::isInstance).map(ConnectionModel.class::cast);
    }

    static Optional<ListeningSocketModel> socketModel(Json.Obj from) {
        return event(from).filter(ListeningSocketModel.class::isInstance).map(ListeningSocketModel.class::cast);
    }
}
