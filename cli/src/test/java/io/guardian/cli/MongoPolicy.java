package io.guardian.cli;

/** A workload as its fingerprints show it, and the policy made of them. */
final class MongoPolicy {
    static final String FINGERPRINTS = """
            apiVersion: spyderbat/v1
            kind: FingerprintGroup
            metadata:
              image: docker.io/library/mongo:latest
              imageID: sha256:68248f2793e077e818710fc5d6f6f93f1ae5739b694d541b7e0cd114e064fa11
              firstTimestamp: 1705430000
              latestTimestamp: 1705435213.327981
            data:
              fingerprints:
              - apiVersion: spyderbat/v1
                kind: SpyderbatFingerprint
                metadata:
                  name: docker.io/library/mongo:latest
                  type: container
                  id: fprint:k8s-container:WhfD6bTSCB8:arE7gA:4be91c07a2d3
                  firstTimestamp: 1705430000
                  latestTimestamp: 1705435213.327981
                spec:
                  containerSelector:
                    image: docker.io/library/mongo:latest
                    imageID: sha256:68248f2793e077e818710fc5d6f6f93f1ae5739b694d541b7e0cd114e064fa11
                  processPolicy:
                  - name: mongod
                    exe:
                    - /usr/bin/mongod
                    id: mongod_0
                    euser:
                    - mongo
                  networkPolicy:
                    egress: []
                    ingress:
                    - from:
                      - ipBlock:
                          cidr: 192.168.1.146/32
                      - ipBlock:
                          cidr: 192.168.0.229/32
                      processes:
                      - mongod_0
                      ports:
                      - protocol: TCP
                        port: 27017
              machines:
              - mach:WhfD6bTSCB8
              containerNames: []
              containerIDs: []
            """;

    static final String POLICY = """
            apiVersion: spyderbat/v1
            kind: SpyderbatPolicy
            metadata:
              latestTimestamp: 1705435213.327981
              name: mongo-policy
              type: container
            spec:
              containerSelector:
                image: docker.io/library/mongo:latest
                imageID: sha256:68248f2793e077e818710fc5d6f6f93f1ae5739b694d541b7e0cd114e064fa11
              mode: audit
              processPolicy:
              - name: mongod
                exe:
                - /usr/bin/mongod
                id: mongod_0
                euser:
                - mongo
              networkPolicy:
                egress: []
                ingress:
                - from:
                  - ipBlock:
                      cidr: 192.168.0.229/32
                  - ipBlock:
                      cidr: 192.168.1.146/32
                  processes:
                  - mongod_0
                  ports:
                  - protocol: TCP
                    port: 27017
              response:
                default:
                - makeRedFlag:
                    severity: high
                actions: []
            """;

    private MongoPolicy() {}

    /** The server has it, in a wider form and in this version. */
    static void store(ApiFixture server, String version) {
        server.on("GET", "/org/{o}/analyticspolicy/", """
                [{"uid":"pol:CB1fSLq4wpkFG5kWsQ2r","version":%1$s,"policy":{"apiVersion":"spyderbat/v1","kind":"SpyderbatPolicy",\
                "metadata":{"name":"mongo-policy","type":"container","uid":"pol:CB1fSLq4wpkFG5kWsQ2r","version":%1$s},\
                "spec":{"containerSelector":{"image":"docker.io/library/mongo:*"},"mode":"audit","processPolicy":[],\
                "networkPolicy":{"egress":[],"ingress":[]}}}}]""".formatted(version));
    }
}
