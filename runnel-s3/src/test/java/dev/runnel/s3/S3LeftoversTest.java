package dev.runnel.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.runnel.replica.ltx.LtxKeys;
import dev.runnel.s3.ScriptedS3.Answer;
import dev.runnel.s3.ScriptedS3.Request;
import dev.runnel.store.Leftover;
import dev.runnel.store.ListedTimes;
import dev.runnel.store.StoreException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a killed upload in parts leaves at the service, and what the next start makes of it. */
class S3LeftoversTest {
    private static final String FILE = "0000000000000001-0000000000000007.ltx";
    private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");

    private Optional<ScriptedS3> service = Optional.empty();

    @AfterEach
    void stop() {
        service.ifPresent(ScriptedS3::stop);
    }

    @Test
    void uploadsOfOurFilesThatAreADayOldAreTakenBackAndNobodyElses() throws StoreException {
        S3Store store = store(request -> {
            if (request.method().equals("DELETE")) {
                return Answer.of(204, "");
            }
            return request.target().contains("key-marker=last")
                    ? page(false, upload("app/0001/" + FILE, "on-page-two", "2026-03-01T11:59:59.000Z"))
                    : page(
                            true,
                            upload("app/0009/" + FILE, "old", "2026-02-01T00:00:00.000Z"),
                            upload("app/0009/" + FILE, "young", "2026-03-01T12:00:01.000Z"),
                            upload("app/0009/somebody's", "foreign", "2026-02-01T00:00:00.000Z"),
                            upload("app/other/0009/" + FILE, "neighbour", "2026-02-01T00:00:00.000Z"));
        });

        store.removeLeftovers(NOW, LtxKeys.of("%04x/", ListedTimes.OF_UPLOADS)::isFile);

        assertThat(sent("DELETE"))
                .containsExactly(
                        "DELETE /bucket/app/0009/" + FILE + "?uploadId=old",
                        "DELETE /bucket/app/0001/" + FILE + "?uploadId=on-page-two");
        assertThat(sent("GET")).hasSize(2).allMatch(request -> request.contains("prefix=app%2F"));
    }

    @Test
    void theyAreListedWithoutBeingTakenBack() throws StoreException {
        S3Store store = store(_ -> page(
                false,
                upload("app/0009/" + FILE, "old", "2026-02-01T00:00:00.000Z"),
                upload("app/0009/" + FILE, "young", "2026-03-01T12:00:01.000Z"),
                upload("app/0009/somebody's", "foreign", "2026-02-01T00:00:00.000Z")));

        assertThat(store.leftovers(NOW, LtxKeys.of("%04x/", ListedTimes.OF_UPLOADS)::isFile))
                .containsExactly(new Leftover("0009/" + FILE, Instant.parse("2026-02-01T00:00:00Z"), true));

        assertThat(sent("DELETE")).isEmpty();
    }

    @Test
    void aServiceThatDoesNotListThemIsAnError() {
        S3Store store = store(_ -> Answer.error(403, "AccessDenied"));
        assertThatExceptionOfType(StoreException.AccessDenied.class)
                .isThrownBy(() -> store.removeLeftovers(NOW, LtxKeys.of("%04x/", ListedTimes.OF_UPLOADS)::isFile));
        assertThat(sent("DELETE")).isEmpty();
    }

    private S3Store store(Function<Request, Answer> script) {
        ScriptedS3 started = ScriptedS3.start(script);
        service = Optional.of(started);
        return started.store(Map.of());
    }

    private List<String> sent(String method) {
        return service.orElseThrow().requests().stream()
                .filter(request -> request.method().equals(method))
                .map(Request::toString)
                .toList();
    }

    private static Answer page(boolean more, String... uploads) {
        return Answer.of(
                200,
                "<ListMultipartUploadsResult><IsTruncated>" + more + "</IsTruncated>"
                        + (more ? "<NextKeyMarker>last</NextKeyMarker><NextUploadIdMarker>id</NextUploadIdMarker>" : "")
                        + String.join("", uploads) + "</ListMultipartUploadsResult>");
    }

    private static String upload(String key, String id, String initiated) {
        return "<Upload><Key>" + key + "</Key><UploadId>" + id + "</UploadId><Initiated>" + initiated
                + "</Initiated></Upload>";
    }
}
