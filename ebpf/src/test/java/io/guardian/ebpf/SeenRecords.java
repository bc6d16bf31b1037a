package io.guardian.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.ebpf.KernelRecord.Exec;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What tests look for in the records they got. */
final class SeenRecords {
    private SeenRecords() {}

    /** The last argument of each {@code true} that was run. */
    static List<String> args(List<KernelRecord> records) {
        return records.stream()
                .filter(Exec.class::isInstance)
                .map(record -> ((Exec) record).image())
                .filter(image -> image.exe().path().endsWith("/true"))
                .map(image -> image.args().getLast())
                .toList();
    }

    /** Every number of every processor is there once. */
    static void assertWithoutHoles(List<KernelRecord> records) {
        Map<Integer, List<Long>> numbers = records.stream()
                .collect(Collectors.groupingBy(
                        it -> it.header().cpu(),
                        Collectors.mapping(it -> it.header().sequence(), Collectors.toList())));
        numbers.values().forEach(list -> {
            assertThat(list).doesNotHaveDuplicates();
            assertThat(list.stream().mapToLong(it -> it).max().orElse(0)).isEqualTo(list.size() - 1L);
        });
    }
}
