/**
 * Runnel inside an application. {@link dev.runnel.Runnel} is where to begin; {@code dev.runnel.setup} is shared with the
 * program and may change with it.
 */
module dev.runnel {
    requires dev.runnel.age;
    requires dev.runnel.core;
    requires org.slf4j;
    requires static org.jspecify;

    exports dev.runnel;
    exports dev.runnel.setup;
}
