package io.guardian.backend.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchWindowsTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void knows_exactly_what_was_added_in_any_order(long seed) throws Exception {
        var numbers = new ArrayList<Long>();
        for (long i = 0; i < 2_000; i += 2) {
            numbers.add(i);
        }
        Collections.shuffle(numbers, new Random(seed));
        var windows = new BatchWindows();
        numbers.forEach(number -> windows.add("a", new BatchId("e", number)));
        var copy = copy(windows);
        for (long i = 0; i < 2_000; i++) {
            assertThat(copy.contains("a", new BatchId("e", i))).isEqualTo(i % 2 == 0);
        }
        assertThat(copy.contains("b", new BatchId("e", 0))).isFalse();
        assertThat(copy.contains("a", new BatchId("f", 0))).isFalse();
    }

    @Test
    void beyond_its_limit_the_oldest_gap_counts_as_closed() {
        var windows = new BatchWindows();
        for (long i = 0; i <= BatchWindows.MAX_RANGES; i++) {
            windows.add("a", new BatchId("e", i * 2));
        }
        assertThat(windows.contains("a", new BatchId("e", 1))).isTrue();
        assertThat(windows.contains("a", new BatchId("e", 3))).isFalse();
    }

    @Test
    void batch_ids_that_are_not_epoch_and_number_are_refused() {
        assertThat(BatchId.parse("8f3a-12")).contains(new BatchId("8f3a", 12));
        assertThat(BatchId.parse("a-b-12")).contains(new BatchId("a-b", 12));
        for (String bad : new String[] {"", "-", "-1", "a-", "a-x", "a-1 ", "a", "a-1234567890123456789"}) {
            assertThat(BatchId.parse(bad)).as(bad).isEmpty();
        }
    }

    private static BatchWindows copy(BatchWindows windows) throws Exception {
        var bytes = new ByteArrayOutputStream();
        windows.write(new DataOutputStream(bytes));
        return BatchWindows.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    }
}
