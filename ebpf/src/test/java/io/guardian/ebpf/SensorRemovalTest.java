package io.guardian.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.ebpf.KernelFixture.Ran;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Taking the sensor out of the kernel. */
@Tag("kernel")
class SensorRemovalTest {

    @Test
    void removing_the_pins_leaves_nothing() {
        try (KernelFixture kernel = KernelFixture.open()) {
            Path folder = Pins.of(kernel.options()).home();
            var inKernel = InKernel.of(Pins.of(kernel.options()));
            assertThat(inKernel.left()).isEqualTo(inKernel).isNotEqualTo(InKernel.NOTHING);
            kernel.closeSensor();
            assertThat(Sensor.removePins(kernel.options())).isEqualTo(Sensor.Removal.DONE);
            assertThat(folder).doesNotExist();
            inKernel.awaitEnd();
            assertThat(Sensor.removePins(kernel.options())).isEqualTo(Sensor.Removal.NOTHING);
        }
    }

    @Test
    void removal_that_was_killed_on_its_way_is_finished_by_the_next() {
        try (KernelFixture kernel = KernelFixture.open()) {
            Pins pins = Pins.of(kernel.options());
            var inKernel = InKernel.of(pins);
            kernel.closeSensor();
            pins.links().subList(0, 3).forEach(Pins::removeFile);
            Pins.removeFile(Path.of(pins.map(KernelMap.CONFIG)));
            assertThat(Sensor.removePins(kernel.options())).isEqualTo(Sensor.Removal.DONE);
            assertThat(pins.home()).doesNotExist();
            inKernel.awaitEnd();
        }
    }

    @Test
    void sensor_in_use_is_not_removed() {
        try (KernelFixture kernel = KernelFixture.open()) {
            assertThat(Sensor.removePins(kernel.options())).isEqualTo(Sensor.Removal.IN_USE);
            Ran ran = kernel.run("/bin/true", "x");
            assertThat(SeenRecords.args(kernel.recordsUntilExit(ran.pid()))).containsExactly("x");
        }
    }
}
