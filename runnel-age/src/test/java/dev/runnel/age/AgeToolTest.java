package dev.runnel.age;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.runnel.platform.Disk;
import dev.runnel.store.ByteRange;
import dev.runnel.store.FolderStore;
import dev.runnel.store.PutOptions;
import dev.runnel.testkit.store.Bodies;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The age program reads what we write, and we read what it writes. */
final class AgeToolTest {
    private static final int CHUNK = 64 * 1024;
    private static final PutOptions REPLACE = PutOptions.replace(Instant.EPOCH);

    @TempDir
    private Path folder;

    @BeforeAll
    static void ageIsThere() {
        boolean there = Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(place -> Files.isExecutable(Path.of(place, "age")));
        assumeTrue(there, "skipped: the program age is not installed (Debian: apt install age)");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 5 * CHUNK, 20_000_000})
    void ageReadsWhatWeWrite(int size) throws Exception {
        byte[] content = content(size);
        AgeKeys keys =
                new AgeKeys(List.of(TestKeys.FIRST), List.of(TestKeys.FIRST.recipient(), TestKeys.SECOND.recipient()));
        new AgeStore(new FolderStore(Disk.system(), folder), keys).put("object", Bodies.of(content), REPLACE);
        for (Identity identity : List.of(TestKeys.FIRST, TestKeys.SECOND)) {
            Path key = Files.writeString(folder.resolve("key"), identity.secretText() + "\n");
            byte[] read =
                    age("-d", "-i", key.toString(), folder.resolve("object").toString());
            assertThat(Arrays.equals(read, content)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 5 * CHUNK, 20_000_000})
    void weReadWhatAgeWrites(int size) throws Exception {
        byte[] content = content(size);
        encrypt(content, List.of(TestKeys.SECOND.recipient(), TestKeys.FIRST.recipient()));
        AgeStore store = TestKeys.encrypted(new FolderStore(Disk.system(), folder));
        assertThat(store.stat("object").orElseThrow().size()).isEqualTo(size);
        assertThat(Arrays.equals(read(store, ByteRange.ALL), content)).isTrue();
        for (int offset = size / 3; offset < size; offset += size / 3 + 1) {
            int length = Math.min(100_000, size - offset);
            assertThat(Arrays.equals(
                            read(store, new ByteRange(offset, length)),
                            Arrays.copyOfRange(content, offset, offset + length)))
                    .isTrue();
        }
    }

    @Test
    void weReadAFileForMoreRecipientsThanTheFirstLookHolds() throws Exception {
        List<Recipient> recipients = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            recipients.add(Identity.generate().recipient());
        }
        recipients.add(TestKeys.FIRST.recipient());
        byte[] content = content(3 * CHUNK);
        encrypt(content, recipients);
        AgeStore store = TestKeys.encrypted(new FolderStore(Disk.system(), folder));
        assertThat(Arrays.equals(read(store, ByteRange.ALL), content)).isTrue();
        assertThat(store.stat("object").orElseThrow().size()).isEqualTo(content.length);
    }

    private void encrypt(byte[] content, List<Recipient> recipients) throws Exception {
        Path plain = Files.write(folder.resolve("plain"), content);
        List<String> arguments = new ArrayList<>();
        recipients.forEach(recipient -> arguments.addAll(List.of("-r", recipient.toString())));
        arguments.addAll(List.of("-o", folder.resolve("object").toString(), plain.toString()));
        age(arguments.toArray(String[]::new));
    }

    private static byte[] read(AgeStore store, ByteRange range) throws IOException {
        try (InputStream in = store.open("object", range)) {
            return in.readAllBytes();
        }
    }

    private static byte[] age(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("age"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        process.getInputStream().transferTo(output);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as("exit of %s", command).isZero();
        return output.toByteArray();
    }

    private static byte[] content(int size) {
        byte[] bytes = new byte[size];
        new java.util.Random(size).nextBytes(bytes);
        return bytes;
    }
}
