package io.guardian.agent.workload.runtime;

import io.guardian.core.text.Json;
import io.guardian.core.text.JsonReader;
import io.guardian.core.text.JsonSyntaxException;
import java.util.List;
import java.util.Map;

/**
 * What a runtime adds to a verbose answer beyond the interface: a JSON text whose layout containerd and CRI-O share in
 * part.
 *
 * @param pid host pid of the first process, 0 when it doesn't say
 * @param image the image of a sandbox, or the empty text
 * @param args the arguments that the pod's specification gives it
 * @param runtimeType what runs it, as {@code io.containerd.runc.v2}; empty when it doesn't say
 * @param config the specification the container was started with
 */
record CriInfo(int pid, String image, List<String> args, String runtimeType, OciConfig config) {

    private static final int ARGS_MAX = 64;

    static CriInfo of(Map<String, String> info) {
        Json.Obj json = parse(info.getOrDefault("info", ""));
        return new CriInfo(
                json.number("pid").map(Json.Num::asInt).filter(pid -> pid > 0).orElse(0),
                json.text("image"),
                json.object("config").array("args").strings().stream()
                        .limit(ARGS_MAX)
                        .toList(),
                json.text("runtimeType"),
                OciConfig.of(json.object("runtimeSpec")));
    }

    private static Json.Obj parse(String text) {
        try {
            return JsonReader.readObject(text);
        } catch (JsonSyntaxException notSaid) {
            return Json.Obj.EMPTY;
        }
    }
}
