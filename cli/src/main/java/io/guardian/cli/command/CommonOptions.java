package io.guardian.cli.command;

import io.guardian.cli.line.Arguments;
import io.guardian.cli.line.Option;
import io.guardian.cli.output.OutputFormat;
import java.util.List;

/** Options that several commands share. */
final class CommonOptions {
    static final Option YES = Option.flag("Answer every question with yes.", "-y", "--yes", "--assume-yes");
    static final Option EXACT = Option.flag("Take the name as it is: no parts of names, no globs.", "-E", "--exact");
    static final Option FILES =
            Option.many("FILE", "File, glob, or - for stdin; several may follow.", "-f", "--filename");
    static final Option SORT_BY = Option.value("COLUMN[,...]", "Sort by these columns.", "--sort-by");
    static final Option REVERSED = Option.flag("The other way round.", "--reversed");

    private CommonOptions() {}

    static Option output(String... formats) {
        return Option.value("FORMAT", "Form of the output.", "-o", "--output").oneOf(formats);
    }

    static Option outputForLists() {
        return output("default", "wide", "yaml", "json", "ndjson", "name");
    }

    static Option outputForDocuments() {
        return output("default", "yaml", "json", "ndjson");
    }

    static OutputFormat format(Arguments arguments) {
        return OutputFormat.of(arguments.value("--output").orElse("default"));
    }

    /** What every list takes. */
    static List<Option> forLists() {
        return List.of(
                outputForLists(),
                EXACT,
                Option.value("LIST", "Only these uids.", "--uid"),
                Option.value("N", "At most this many (10000); 0 is no bound.", "--limit"),
                SORT_BY,
                REVERSED);
    }
}
