package dev.runnel.s3;

import java.util.Arrays;
import java.util.Optional;

/** What can be said about a replica at S3, with its key in the configuration and its name in the query of a URL. */
public enum S3Option {
    BUCKET("bucket", Form.TEXT, ""),
    PATH("path", Form.TEXT, ""),
    REGION("region", Form.TEXT, "region"),
    ENDPOINT("endpoint", Form.TEXT, "endpoint"),
    FORCE_PATH_STYLE("force-path-style", Form.SWITCH, "forcePathStyle"),
    SKIP_VERIFY("skip-verify", Form.SWITCH, "skipVerify"),
    SIGN_PAYLOAD("sign-payload", Form.SWITCH, "signPayload"),
    REQUIRE_CONTENT_MD5("require-content-md5", Form.SWITCH, "requireContentMD5"),
    STORAGE_CLASS("storage-class", Form.TEXT, "storageClass"),
    PART_SIZE("part-size", Form.SIZE, "partSize"),
    CONCURRENCY("concurrency", Form.NUMBER, "concurrency"),
    SSE_CUSTOMER_ALGORITHM("sse-customer-algorithm", Form.TEXT, "sseCustomerAlgorithm"),
    SSE_CUSTOMER_KEY("sse-customer-key", Form.SECRET, "sseCustomerKey"),
    SSE_CUSTOMER_KEY_PATH("sse-customer-key-path", Form.FILE, ""),
    SSE_KMS_KEY_ID("sse-kms-key-id", Form.TEXT, "sseKmsKeyId"),
    ACCESS_KEY_ID("access-key-id", Form.TEXT, ""),
    SECRET_ACCESS_KEY("secret-access-key", Form.SECRET, "");

    /** How the value of an option is written. */
    public enum Form {
        TEXT,
        /** A text that no message may show. */
        SECRET,
        /** The path of a file. */
        FILE,
        /** {@code true} or {@code false}. */
        SWITCH,
        /** Bytes. */
        SIZE,
        /** A whole number above zero. */
        NUMBER
    }

    private final String key;
    private final Form form;
    private final String parameter;

    S3Option(String key, Form form, String parameter) {
        this.key = key;
        this.form = form;
        this.parameter = parameter;
    }

    /** The key in the configuration. */
    public String key() {
        return key;
    }

    public Form form() {
        return form;
    }

    /** The name in the query of a URL, where the key may be used as well; empty if it cannot be there. */
    String parameter() {
        return parameter;
    }

    static Optional<S3Option> ofParameter(String name) {
        return Arrays.stream(values())
                .filter(option -> !option.parameter.isEmpty())
                .filter(option -> name.equals(option.parameter) || name.equals(option.key))
                .findFirst();
    }
}
