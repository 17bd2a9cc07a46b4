package dev.runnel.replica.generations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.RestorePlan.PlannedFile;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.replica.generations.GenerationObject.Segment;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GenerationKeysTest {
    @TempDir
    Path folder;

    @Test
    void anOffsetBeyondFourGibibytesHasMoreDigitsAndComesAfterTheOthers() throws IOException {
        SyntheticReplica replica = new SyntheticReplica(folder.resolve("scratch"));
        replica.snapshot(0, new byte[0]);
        for (long offset : List.of(0L, 0xfffff000L, 0x100000000L, 0x1abcdef012L)) {
            replica.put("wal/00000000_%08x.wal.lz4".formatted(offset), new byte[0]);
        }

        assertThat(new GenerationCatalogue(replica.store, GenerationKeys.DEFAULT)
                        .list()
                        .getFirst()
                        .segments())
                .extracting(Segment::offset)
                .containsExactly(0L, 0xfffff000L, 0x100000000L, 0x1abcdef012L);
        assertThat(replica.history().plan(new RestoreTarget.Latest()).files())
                .extracting(PlannedFile::key)
                .last()
                .isEqualTo("generations/00112233aabbccdd/wal/00000000_1abcdef012.wal.lz4");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "wal/00000000.wal.lz4",
                "wal/80000000_00000000.wal.lz4",
                "wal/00000000_0000000.wal.lz4",
                "wal/00000000_00000000.wal",
                "wal/0000000A_00000000.wal.lz4",
                "snapshots/000000000.snapshot.lz4",
                "00000000.snapshot.lz4",
            })
    void otherNamesArePassedOver(String name) throws IOException {
        SyntheticReplica replica = new SyntheticReplica(folder.resolve("scratch"));
        replica.put(name, new byte[10]);

        assertThatThrownBy(() -> replica.history().plan(new RestoreTarget.Latest()))
                .isInstanceOf(ReplicaException.NothingToRestore.class);
    }

    @Test
    void anLz4FrameIsReadOnlyWhole() throws IOException {
        byte[] content = new byte[200_000];
        Arrays.fill(content, 100_000, 150_000, (byte) 7);
        byte[] frame = SyntheticReplica.frame(content);
        assertThat(decode(frame)).isEqualTo(content);

        for (int length = 0; length < frame.length; length++) {
            byte[] part = Arrays.copyOf(frame, length);
            assertThatThrownBy(() -> decode(part)).isInstanceOf(Lz4FrameException.class);
        }
        for (int i = 0; i < frame.length; i++) {
            byte[] damaged = frame.clone();
            damaged[i] ^= 0x10;
            assertThatThrownBy(() -> decode(damaged)).as("byte %d", i).isInstanceOf(Lz4FrameException.class);
        }
        assertThatThrownBy(() -> decode(Arrays.copyOf(frame, frame.length + 1)))
                .hasMessage("it continues after its LZ4 frame");
    }

    private static byte[] decode(byte[] frame) throws IOException {
        try (Lz4FrameInput in = new Lz4FrameInput(new ByteArrayInputStream(frame))) {
            return in.readAllBytes();
        }
    }
}
