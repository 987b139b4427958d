import { element, queryService } from "../protocols/query.ts";

export const sts = queryService("sts", "https://sts.amazonaws.com/doc/2011-06-15/", {
  GetCallerIdentity(_, { account, keys }, { accessKeyId }) {
    const { arn, userId } = keys.get(accessKeyId) ?? { arn: "", userId: "" };
    return element("Arn", arn) + element("UserId", userId) + element("Account", account);
  },
});
