package io.guardian.cli.output;

import io.guardian.core.text.Json;
import io.guardian.core.text.JsonWriter;
import io.guardian.core.text.YamlWriter;
import java.io.PrintStream;
import java.util.List;

/** Puts results on stdout. */
public final class Printer {
    private final PrintStream out;

    public Printer(PrintStream out) {
        this.out = out;
    }

    public void table(Table table) {
        out.print(table.text());
        out.flush();
    }

    public void line(String text) {
        out.println(text);
        out.flush();
    }

    public void raw(String text) {
        out.print(text);
        out.flush();
    }

    /** Independent results: a YAML stream, an object or an array, or a line for each. */
    public void records(List<Json.Obj> records, OutputFormat format) {
        switch (format) {
            case YAML -> raw(YamlWriter.writeStream(records));
            case JSON ->
                raw(JsonWriter.write(records.size() == 1 ? records.getFirst() : new Json.Arr(List.copyOf(records))));
            case NDJSON -> raw(JsonWriter.writeLines(records));
            case DEFAULT, WIDE, NAME -> throw new IllegalArgumentException(format + " is no form of records");
        }
    }

    /** Documents that together are one: the document itself, else {@code {apiVersion, items}}. */
    public void document(List<Json.Obj> documents, OutputFormat format) {
        if (format == OutputFormat.NDJSON) {
            raw(JsonWriter.writeLines(documents));
            return;
        }
        var one = documents.size() == 1 ? documents.getFirst() : itemList(documents);
        raw(format == OutputFormat.JSON ? JsonWriter.write(one) : YamlWriter.write(one));
    }

    public static Json.Obj itemList(List<Json.Obj> documents) {
        return Json.object()
                .put("apiVersion", "spyderbat/v1")
                .put("items", new Json.Arr(List.copyOf(documents)))
                .build();
    }
}
