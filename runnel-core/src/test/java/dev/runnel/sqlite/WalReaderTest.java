package dev.runnel.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A place in a WAL is its salts, the frame's number and the running checksum; none of them alone proves anything. */
final class WalReaderTest {
    private static final int PAGE = 512;
    private static final int FRAME = 24 + PAGE;
    private static final int SALT_1 = 0x11223344;
    private static final int SALT_2 = 0x55667788;

    /** Page size 512, sequence 7, every page counts its bytes; frame 2 commits. SQLite accepts both. */
    private static final List<String> LITTLE_VECTOR = List.of(
            "377f0682002de218000002000000000711223344556677881ffe2524674f631e",
            "00000001000000001122334455667788a28c41f2ab1fa4a6",
            "0000000200000002112233445566778863382386" + "95baa6d0");

    private static final List<String> BIG_VECTOR = List.of(
            "377f0683002de218000002000000000711223344556677882726fe2223664f6a",
            "0000000100000000112233445566778804282c47395d399d",
            "00000002000000021122334455667788b770d1a2d5abdd76");

    @TempDir
    private Path folder;

    private final Arena arena = Arena.ofConfined();
    private final List<PosixFile> opened = new ArrayList<>();
    private Path file = Path.of("");

    @BeforeEach
    void nameFile() {
        file = folder.resolve("app.db-wal");
    }

    @AfterEach
    void close() throws IOException {
        for (PosixFile one : opened) {
            one.close();
        }
        arena.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {SyntheticWal.LITTLE, SyntheticWal.BIG})
    void i5BothByteOrdersAreRead(int magic) throws IOException {
        write(vector(magic));
        WalHeader header = reader().header().orElseThrow();
        assertThat(header.order())
                .isEqualTo(magic == SyntheticWal.LITTLE ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        WalPosition end = endOfVector(magic);
        List<String> seen = new ArrayList<>();
        WalPosition read = reader().read(header.start(), committed(end, 2), (number, page, size, data, at) -> {
            seen.add(number + ":" + page + ":" + size);
            assertThat(Arrays.copyOfRange(data, at, at + PAGE)).isEqualTo(counting());
        });
        assertThat(seen).containsExactly("1:1:0", "2:2:2");
        assertThat(read).isEqualTo(end);
        assertThat(reader().holds(end)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {SyntheticWal.LITTLE, SyntheticWal.BIG})
    void i5TheRunningChecksumIsThatOfTheVectors(int magic) {
        ByteOrder order = magic == SyntheticWal.LITTLE ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        List<String> vector = magic == SyntheticWal.LITTLE ? LITTLE_VECTOR : BIG_VECTOR;
        byte[] header = HexFormat.of().parseHex(vector.getFirst());
        long checksum = WalChecksum.update(0, header, 0, 24, order);
        assertThat(hex(checksum)).isEqualTo(vector.getFirst().substring(48));
        for (String frame : vector.subList(1, 3)) {
            checksum = WalChecksum.update(checksum, HexFormat.of().parseHex(frame), 0, 8, order);
            checksum = WalChecksum.update(checksum, counting(), 0, PAGE, order);
            assertThat(hex(checksum)).isEqualTo(frame.substring(32));
        }
    }

    @Test
    void i5AHeaderWithTheOtherMagicCountsAsNone() throws IOException {
        byte[] bytes = vector(SyntheticWal.LITTLE);
        bytes[3] = (byte) 0x83;
        write(bytes);
        assertThat(reader().header()).isEmpty();
        assertThat(reader().holds(endOfVector(SyntheticWal.LITTLE))).isFalse();
    }

    @Test
    void i5OurOwnSyntheticWalIsTheVectors() {
        for (int magic : new int[] {SyntheticWal.LITTLE, SyntheticWal.BIG}) {
            SyntheticWal wal = new SyntheticWal(magic, PAGE, 7, SALT_1, SALT_2)
                    .frame(1, 0, counting())
                    .frame(2, 2, counting());
            assertThat(wal.bytes()).isEqualTo(vector(magic));
        }
    }

    @Test
    void i5ReusedWalOfTheSameSizeIsNoticed() throws IOException {
        SyntheticWal before = wal(SALT_1, SALT_2, 3, 0);
        write(before.bytes());
        assertThat(reader().holds(before.end())).isTrue();
        SyntheticWal after = wal(SALT_1 + 1, 0x0badcafe, 3, 100);
        write(after.bytes());
        assertThat(Files.size(file)).isEqualTo(before.bytes().length);
        assertThat(reader().holds(before.end())).isFalse();
        refuses(before.end(), after.index());
    }

    @Test
    void i5SaltOnePlusOneIsAnotherWalEvenWithTheSameFrames() throws IOException {
        SyntheticWal before = wal(SALT_1, SALT_2, 3, 0);
        SyntheticWal after = wal(SALT_1 + 1, SALT_2, 3, 0);
        write(after.bytes());
        assertThat(reader().holds(before.end())).isFalse();
        assertThat(reader().holds(new WalPosition(
                        SALT_1,
                        SALT_2,
                        0,
                        before.end().checksum1(),
                        before.end().checksum2())))
                .isFalse();
    }

    @Test
    void i5SaltTwoAloneTellsAWalApart() throws IOException {
        write(wal(SALT_1, SALT_2 + 1, 3, 0).bytes());
        assertThat(reader().holds(wal(SALT_1, SALT_2, 3, 0).end())).isFalse();
    }

    @Test
    void i5SameSaltsAndSizeWithOtherFramesAreNoticed() throws IOException {
        SyntheticWal other = wal(SALT_1, SALT_2, 3, 100);
        write(other.bytes());
        WalPosition ours = wal(SALT_1, SALT_2, 2, 0).end();
        assertThat(reader().holds(ours)).isFalse();
        refuses(ours, other.index());
    }

    @Test
    void i5AFrameWhoseChecksumDoesNotContinueIsRefused() throws IOException {
        SyntheticWal wal = wal(SALT_1, SALT_2, 3, 0);
        for (int at : new int[] {32 + 3, 32 + FRAME + 24 + 17, 32 + 2 * FRAME + 20, 32 + 2 * FRAME + 9}) {
            byte[] damaged = wal.bytes();
            damaged[at] ^= 1;
            write(damaged);
            refuses(start(), wal.index());
        }
    }

    @Test
    void i5AnEndThatIsNotTheOneOfTheWalIndexIsRefused() throws IOException {
        SyntheticWal wal = wal(SALT_1, SALT_2, 3, 0);
        write(wal.bytes());
        WalPosition end = wal.end();
        WalIndexHeader otherChecksum =
                new WalIndexHeader(3, 9, end.checksum1(), end.checksum2() + 1, SALT_1, SALT_2, 0, 0);
        assertThatThrownBy(() -> reader().read(start(), otherChecksum, (number, page, size, data, at) -> {}))
                .isInstanceOf(SourceException.Discontinuity.class);
    }

    @Test
    void i5FramesBeyondTheEndOfTheWalIndexAreNotRead() throws IOException {
        WalIndexHeader index = wal(SALT_1, SALT_2, 2, 0).index();
        write(wal(SALT_1, SALT_2, 4, 0).bytes());
        assertThat(numbers(start(), index)).containsExactly(1, 2);
        assertThat(reader().hasFrameBeyond(index)).isTrue();
    }

    @Test
    void i5StaleFramesOfTheWalBeforeAreNotRead() throws IOException {
        byte[] before = wal(SALT_1, SALT_2, 5, 0).bytes();
        SyntheticWal after = wal(SALT_1 + 1, 0x0badcafe, 2, 100);
        System.arraycopy(after.bytes(), 0, before, 0, after.bytes().length);
        write(before);
        WalPosition start = wal(SALT_1 + 1, 0x0badcafe, 0, 0).end();
        assertThat(numbers(start, after.index())).containsExactly(1, 2);
        assertThat(reader().hasFrameBeyond(after.index())).isFalse();
        refuses(start, wal(SALT_1 + 1, 0x0badcafe, 3, 100).index());
    }

    @Test
    void i5StaleFramesRightAfterANewHeaderAreNotRead() throws IOException {
        byte[] bytes = wal(SALT_1, SALT_2, 2, 0).bytes();
        SyntheticWal header = wal(SALT_1 + 1, 0x0badcafe, 0, 0);
        System.arraycopy(header.bytes(), 0, bytes, 0, 32);
        write(bytes);
        assertThat(reader().holds(wal(SALT_1, SALT_2, 2, 0).end())).isFalse();
        assertThat(numbers(header.end(), header.index())).isEmpty();
        refuses(header.end(), wal(SALT_1 + 1, 0x0badcafe, 1, 0).index());
    }

    @Test
    void i5TheStartIsThatOfTheWalIndexOrNone() throws IOException {
        SyntheticWal wal = wal(SALT_1, SALT_2, 2, 0);
        write(wal.bytes());
        assertThat(reader().startOf(wal.index())).isEqualTo(start());
        WalIndexHeader restarted = wal(SALT_1 + 1, SALT_2, 2, 0).index();
        assertThatThrownBy(() -> reader().startOf(restarted)).isInstanceOf(SourceException.Discontinuity.class);
    }

    @Test
    void i5AWalThatEndsBeforeTheIndexDoesIsRefused() throws IOException {
        SyntheticWal wal = wal(SALT_1, SALT_2, 3, 0);
        for (int length : new int[] {0, 31, 32, 32 + 20, 32 + 3 * FRAME - 1}) {
            write(Arrays.copyOf(wal.bytes(), length));
            assertThat(reader().holds(wal.end())).as("%d bytes", length).isEqualTo(length == 32 + 3 * FRAME - 1);
            refuses(start(), wal.index());
        }
    }

    @Test
    void i5TheChecksumRunsOnOverTheReadsOfALongWal() throws IOException {
        SyntheticWal wal = wal(SALT_1, SALT_2, 5000, 0);
        write(wal.bytes());
        assertThat(numbers(start(), wal.index()))
                .isEqualTo(IntStream.rangeClosed(1, 5000).boxed().toList());
        WalPosition middle = wal(SALT_1, SALT_2, 3000, 0).end();
        assertThat(reader().holds(middle)).isTrue();
        assertThat(numbers(middle, wal.index()))
                .isEqualTo(IntStream.rangeClosed(3001, 5000).boxed().toList());
        byte[] damaged = wal.bytes();
        damaged[32 + 4000 * FRAME + 400] ^= 1;
        write(damaged);
        refuses(start(), wal.index());
    }

    private static SyntheticWal wal(int salt1, int salt2, int frames, int content) {
        SyntheticWal wal = new SyntheticWal(SyntheticWal.LITTLE, PAGE, 0, salt1, salt2);
        for (int i = 1; i <= frames; i++) {
            wal.frame(i, 9, content + i);
        }
        return wal;
    }

    private static WalPosition start() {
        return wal(SALT_1, SALT_2, 0, 0).end();
    }

    /** Asserts that a read ends in a discontinuity, and that none of the frames that do not belong was handed on. */
    private void refuses(WalPosition from, WalIndexHeader index) {
        List<Integer> numbers = new ArrayList<>();
        assertThatThrownBy(() -> reader().read(from, index, (number, page, size, data, at) -> numbers.add(number)))
                .isInstanceOf(SourceException.Discontinuity.class);
        assertThat(numbers).doesNotContain(index.lastFrame());
    }

    private List<Integer> numbers(WalPosition from, WalIndexHeader index) throws IOException {
        List<Integer> numbers = new ArrayList<>();
        assertThat(reader().read(from, index, (number, page, size, data, at) -> numbers.add(number)))
                .isEqualTo(index.end());
        return numbers;
    }

    private WalReader reader() throws IOException {
        PosixFile descriptor = PosixFile.openToRead(file);
        opened.add(descriptor);
        return new WalReader(descriptor, file.toString(), PAGE, arena);
    }

    private void write(byte[] bytes) throws IOException {
        Files.write(file, bytes);
    }

    private static byte[] counting() {
        byte[] page = new byte[PAGE];
        for (int i = 0; i < PAGE; i++) {
            page[i] = (byte) i;
        }
        return page;
    }

    private static byte[] vector(int magic) {
        List<String> parts = magic == SyntheticWal.LITTLE ? LITTLE_VECTOR : BIG_VECTOR;
        String page = HexFormat.of().formatHex(counting());
        return HexFormat.of().parseHex(parts.get(0) + parts.get(1) + page + parts.get(2) + page);
    }

    private static WalPosition endOfVector(int magic) {
        String last = (magic == SyntheticWal.LITTLE ? LITTLE_VECTOR : BIG_VECTOR).getLast();
        return new WalPosition(
                SALT_1,
                SALT_2,
                2,
                Integer.parseUnsignedInt(last.substring(32, 40), 16),
                Integer.parseUnsignedInt(last.substring(40), 16));
    }

    private static WalIndexHeader committed(WalPosition end, int pageCount) {
        return new WalIndexHeader(
                end.frame(), pageCount, end.checksum1(), end.checksum2(), end.salt1(), end.salt2(), 0, 0);
    }

    private static String hex(long checksum) {
        return HexFormat.of().toHexDigits(checksum);
    }
}
