/** age encryption for object stores. */
module dev.runnel.age {
    requires dev.runnel.core;
    requires static org.jspecify;

    exports dev.runnel.age;
}
