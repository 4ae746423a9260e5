output "brokers" {
  description = "Where clients of Kafka begin."
  value       = oke_kafka.todo.bootstrap_servers
}

output "topics" {
  description = "The topics and their ids."
  value       = { for name, topic in oke_kafka_topic.all : name => topic.topic_id }
}
