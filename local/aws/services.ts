import { cloudwatch } from "./cloudwatch/cloudwatch.ts";
import { ecs } from "./ecs/ecs.ts";
import { elb } from "./elb/elb.ts";
import { logs } from "./logs/logs.ts";
import { secretsmanager } from "./secretsmanager/secretsmanager.ts";
import type { AwsService } from "./service.ts";
import { sts } from "./sts/sts.ts";

/** What the local AWS can do. A service is added here, its state to `World`, and what a test may do to it to `controlsOf`. */
export const services: AwsService[] = [ecs, sts, logs, cloudwatch, elb, secretsmanager];
