/// Ports that images listen on inside, as their own pages say: of two ports of a pair this one is the container's.
#[rustfmt::skip]
pub(crate) const INNER_PORTS: &[(&str, &[u64])] = &[
    ("adguardhome", &[53, 3000]), ("adminer", &[8080]), ("alertmanager", &[9093]), ("caddy", &[80, 443]), ("code-server", &[8080]),
    ("elasticsearch", &[9200, 9300]), ("gitea", &[3000, 22]), ("forgejo", &[3000, 22]), ("grafana", &[3000]), ("haproxy", &[80, 443]),
    ("home-assistant", &[8123]), ("httpd", &[80, 443]), ("influxdb", &[8086]), ("jellyfin", &[8096]), ("jenkins", &[8080, 50_000]),
    ("keycloak", &[8080]), ("kibana", &[5601]), ("loki", &[3100]), ("mailpit", &[8025, 1025]), ("mariadb", &[3306]),
    ("memcached", &[11_211]), ("meilisearch", &[7700]), ("minio", &[9000, 9001]), ("mongo", &[27_017]), ("mosquitto", &[1883]), ("mysql", &[3306]),
    ("nats", &[4222, 8222]), ("nextcloud", &[80]), ("nginx", &[80, 443]), ("node-exporter", &[9100]), ("pihole", &[53, 80]),
    ("portainer-ce", &[9000, 9443]), ("postgres", &[5432]), ("prometheus", &[9090]), ("rabbitmq", &[5672, 15_672]), ("redis", &[6379]),
    ("registry", &[5000]), ("sonarqube", &[9000]), ("traefik", &[80, 443, 8080]), ("uptime-kuma", &[3001]), ("valkey", &[6379]),
    ("vault", &[8200]), ("vaultwarden", &[80]), ("whoami", &[80]), ("wordpress", &[80]),
];
