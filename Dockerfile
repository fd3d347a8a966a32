# Every step here is a script of package.json, so that the tests run the same without Docker.
FROM node:24-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json ./
COPY dev/image ./dev/image
COPY src ./src
RUN npm run build

FROM node:24-bookworm-slim
ENV NODE_ENV=production
COPY --from=build /src/dist /app
COPY LICENSE /app/LICENSE
# The control-plane overlay overrides this with uid 0, which alone can read the audit log, and says why.
USER 65532:65532
EXPOSE 8080 8443
ENTRYPOINT ["node", "/app/sigma-operator.mjs"]
CMD ["run"]
