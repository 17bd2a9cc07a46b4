package dev.runnel.s3;

import dev.runnel.location.Option;
import dev.runnel.location.Option.Form;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What can be said about a replica at S3. */
@SuppressWarnings("ImmutableEnumChecker") // A record of texts and constants is immutable.
public enum S3Option {
    BUCKET(Option.of("bucket", Form.TEXT).inAddress().alsoAtTop().documented("", "or the ARN of an access point")),
    PATH(Option.of(Option.PATH, Form.TEXT).inAddress().documented("", "prefix of every key")),
    REGION(Option.of("region", Form.TEXT)
            .asParameter("region")
            .alsoAtTop()
            .documented("`$AWS_REGION`, the profile, then asked for; with an endpoint `us-east-1`", "")),
    ENDPOINT(Option.of("endpoint", Form.TEXT)
            .asParameter("endpoint")
            .alsoAtTop()
            .documented(
                    "`$AWS_ENDPOINT_URL_S3`, `$AWS_ENDPOINT_URL`, the profile, else Amazon's",
                    "another service; without a scheme `https`, in a URL `http` for hosts in the local network")),
    FORCE_PATH_STYLE(Option.of("force-path-style", Form.SWITCH)
            .asParameter("forcePathStyle")
            .alsoAtTop()
            .documented("`true` with an endpoint", "the bucket in the path instead of the host")),
    ACCESS_KEY_ID(Option.of("access-key-id", Form.TEXT)
            .alsoAtTop()
            .documented(
                    "the environment (`AWS_*`, then `LITESTREAM_*`), profiles, single sign-on, web identity,"
                            + " container, instance",
                    "goes with `secret-access-key`")),
    SECRET_ACCESS_KEY(Option.of("secret-access-key", Form.SECRET).alsoAtTop().documented("as `access-key-id`", "")),
    SKIP_VERIFY(Option.of("skip-verify", Form.SWITCH)
            .asParameter("skipVerify")
            .alsoAtTop()
            .documented("`false`", "`true`: any certificate is accepted")),
    SIGN_PAYLOAD(Option.of("sign-payload", Form.SWITCH)
            .asParameter("signPayload")
            .alsoAtTop()
            .documented("`true`", "`false`: over https the signature leaves out the content")),
    REQUIRE_CONTENT_MD5(Option.of("require-content-md5", Form.SWITCH)
            .asParameter("requireContentMD5")
            .alsoAtTop()
            .documented("`true`, at Tigris `false`", "`false`: deletions go without Content-MD5")),
    STORAGE_CLASS(Option.of("storage-class", Form.TEXT)
            .asParameter("storageClass")
            .alsoAtTop()
            .documented("of the bucket", "")),
    PART_SIZE(Option.of("part-size", Form.SIZE)
            .asParameter("partSize")
            .documented("`5MiB`", "an object up to this size is one request; in a URL a number of bytes")),
    CONCURRENCY(Option.of("concurrency", Form.NUMBER)
            .asParameter("concurrency")
            .documented("5, at R2 2", "parts uploaded at the same time")),
    SSE_CUSTOMER_KEY(Option.of("sse-customer-key", Form.SECRET)
            .asParameter("sseCustomerKey")
            .alsoAtTop()
            .documented("", "a key of your own, 32 bytes in base 64, sent with every request (SSE-C)")),
    SSE_CUSTOMER_KEY_PATH(
            Option.of("sse-customer-key-path", Form.FILE).alsoAtTop().documented("", "a file with that key")),
    SSE_CUSTOMER_ALGORITHM(Option.of("sse-customer-algorithm", Form.TEXT)
            .asParameter("sseCustomerAlgorithm")
            .alsoAtTop()
            .documented("`AES256`", "the only one")),
    SSE_KMS_KEY_ID(Option.of("sse-kms-key-id", Form.TEXT)
            .asParameter("sseKmsKeyId")
            .alsoAtTop()
            .documented("", "a key of the service's key management"));

    /** All of them, for {@link S3LocationType}. */
    static final List<Option> ALL =
            Arrays.stream(values()).map(each -> each.option).toList();

    private final Option option;

    S3Option(Option option) {
        this.option = option;
    }

    /** The key in the configuration. */
    String key() {
        return option.key();
    }

    /** Values by the keys of options, by option. */
    static Map<S3Option, String> byOption(Map<String, String> values) {
        Map<S3Option, String> found = new EnumMap<>(S3Option.class);
        for (S3Option each : values()) {
            String value = values.get(each.key());
            if (value != null) {
                found.put(each, value);
            }
        }
        return found;
    }
}
